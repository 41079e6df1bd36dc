using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lexicons;

/// <summary>A pronunciation that a word of a lattice may have.</summary>
/// <param name="Word">The word in the lattice; 0 for silence between words.</param>
/// <param name="Shown">The word that replaces it, mostly itself.</param>
/// <param name="Phones">Its phones, from 1; none for a word that is not spoken.</param>
public sealed record AlignEntry(int Word, int Shown, IReadOnlyList<int> Phones);

/// <summary>Kaldi's <c>align_lexicon.int</c>: a line a pronunciation, with a word, the word that replaces it, and phones.</summary>
public static class AlignLexicon
{
    /// <summary>Reads all pronunciations.</summary>
    /// <param name="path">The file.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has another form, or there is none.</exception>
    public static IReadOnlyList<AlignEntry> Read(string path, KaldiIoOptions? io = null)
    {
        var entries = new List<AlignEntry>();
        using var text = KaldiInput.OpenText(path, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;

            var numbers = Array.ConvertAll(
                fields, field => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1);
            if (numbers.Length < 2 || numbers.Contains(-1) || numbers.AsSpan(2).Contains(0) || numbers is [0, _])
            {
                throw new InputException(
                    $"{path}:{number}: expected 'word word phone phone …' in numbers, got '{KaldiReader.Printable(line)}'.");
            }

            entries.Add(new(numbers[0], numbers[1], numbers[2..]));
        }

        return entries.Count > 0 ? entries : throw new InputException($"{path}:1: expected a lexicon, got no lines.");
    }
}
