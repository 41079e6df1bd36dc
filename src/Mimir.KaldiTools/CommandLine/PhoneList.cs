using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>Lists of phones on command lines and in files.</summary>
internal static class PhoneList
{
    /// <summary>Reads phones with colons between them, such as <c>1:2:3</c>.</summary>
    /// <param name="text">The list; an empty one has no phones.</param>
    /// <exception cref="InputException">A phone is not a number, or comes twice.</exception>
    public static int[] Parse(string text)
    {
        int[] phones = [.. text.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(word => Phone(word, "with colons between them"))];
        return phones.Distinct().Count() == phones.Length
            ? phones
            : throw new InputException($"The list of phones '{text}' has a phone twice.");
    }

    /// <summary>Reads sets of phones, one a line, such as Kaldi's <c>sets.int</c>; the phones of a set come in rising order.</summary>
    /// <param name="rxfilename">The extended file name.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="InputException">A line has something else than different numbers.</exception>
    public static List<int[]> ReadSets(string rxfilename, KaldiIoOptions io)
    {
        var sets = new List<int[]>();
        using var text = KaldiInput.OpenText(rxfilename, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            int[] set = [.. line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Phone(word, $"in line {number} of {rxfilename}")).Order()];
            if (set.Length == 0 || set.Distinct().Count() != set.Length)
                throw new InputException($"{rxfilename}:{number}: expected different phones, got '{line}'.");

            sets.Add(set);
        }

        return sets;
    }

    private static int Phone(string text, string place) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var phone)
            ? phone
            : throw new InputException($"expected phones as integers {place}, got '{text}'.");
}
