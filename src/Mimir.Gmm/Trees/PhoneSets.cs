using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>The files of a lang directory with a set of phones a line: <c>sets.int</c>, <c>roots.int</c>, questions.</summary>
public static class PhoneSets
{
    /// <summary>Reads sets of phones.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A word is no number.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Read(string rxfilename, KaldiIoOptions? io = null) =>
        [.. Lines(rxfilename, io).Select(line => Numbers(line.Words, line.Place))];

    /// <summary>
    /// Reads the roots of a tree: lines of <c>shared</c> or <c>not-shared</c>, <c>split</c> or <c>not-split</c>, and phones.
    /// </summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<TreeRoot> ReadRoots(string rxfilename, KaldiIoOptions? io = null)
    {
        var roots = new List<TreeRoot>();
        foreach (var (words, place) in Lines(rxfilename, io))
        {
            if (words is not ["shared" or "not-shared", "split" or "not-split", _, ..])
                throw new InputException($"{place}: expected shared or not-shared, split or not-split, and phones.");

            var phones = Numbers(words[2..], place).Order().ToArray();
            if (phones[0] <= 0 || phones.Distinct().Count() < phones.Length)
                throw new InputException($"{place}: expected phones above 0, each once.");

            roots.Add(new TreeRoot(phones, words[0] == "shared", words[1] == "split"));
        }

        return roots.Count > 0 ? roots : throw new InputException($"{rxfilename}: expected roots of a tree, a line each; there is none.");
    }

    /// <summary>Reads a map of phones: lines of a phone and the phone that it becomes.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<int, int> ReadMap(string rxfilename, KaldiIoOptions? io = null)
    {
        var map = new Dictionary<int, int>();
        foreach (var (words, place) in Lines(rxfilename, io))
        {
            if (Numbers(words, place) is not [> 0 and var from, > 0 and var to] || !map.TryAdd(from, to))
                throw new InputException($"{place}: expected a phone that is new, and the phone that it becomes, both above 0.");
        }

        return map.Count > 0 ? map : throw new InputException($"{rxfilename}: expected a map of phones, it is empty.");
    }

    /// <summary>Writes sets of phones, a line each.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="sets">The sets.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public static void Write(string wxfilename, IReadOnlyList<IReadOnlyList<int>> sets, KaldiIoOptions? io = null) => KaldiOutput.WriteOne(
        wxfilename,
        binary: false,
        writer =>
        {
            foreach (var set in sets)
                writer.WriteText(string.Join(' ', set) + "\n");
        },
        io);

    private static IEnumerable<(string[] Words, string Place)> Lines(string rxfilename, KaldiIoOptions? io)
    {
        using var text = KaldiInput.OpenText(rxfilename, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
            yield return (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), $"{rxfilename}:{number}");
    }

    private static int[] Numbers(string[] words, string place) => Array.ConvertAll(
        words,
        word => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"{place}: expected the numbers of phones, got '{KaldiReader.Printable(word)}'."));
}
