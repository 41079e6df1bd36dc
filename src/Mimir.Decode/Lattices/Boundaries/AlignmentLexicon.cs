using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>
/// The pronunciations that words of a lattice may have: a language's <c>align_lexicon.int</c>, with lines of a word in the lattice (0
/// for none), the word that replaces it (mostly itself) and phones.
/// </summary>
public sealed class AlignmentLexicon
{
    private readonly Dictionary<string, int> _words = [];
    private readonly HashSet<string> _beginnings = [];
    private readonly Dictionary<int, (int Least, int Most)> _lengths = [];

    /// <summary>Creates a lexicon.</summary>
    /// <param name="entries">Each a word in the lattice, the word that replaces it, and phones.</param>
    /// <exception cref="InputException">An entry has neither word nor phones, or contradicts another.</exception>
    public AlignmentLexicon(IEnumerable<IReadOnlyList<int>> entries)
    {
        foreach (var entry in entries)
            Add(entry);
    }

    /// <summary>Reads a lexicon.</summary>
    /// <param name="path">The file.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">A line is malformed, or there is none.</exception>
    public static AlignmentLexicon Read(string path, KaldiIoOptions? io = null)
    {
        var lexicon = new AlignmentLexicon([]);
        using var text = KaldiInput.OpenText(path, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            try
            {
                lexicon.Add([.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Parse)]);
            }
            catch (InputException failure)
            {
                throw new InputException($"{path}:{number}: {failure.Message}", failure);
            }
        }

        return lexicon._words.Count > 0 ? lexicon : throw new InputException($"{path}:1: expected a lexicon, got no lines.");
    }

    /// <summary>The word that replaces a word of the lattice; null when it has no such pronunciation.</summary>
    internal int? Find(int word, ReadOnlySpan<int> phones) => _words.TryGetValue(Key(word, phones), out var found) ? found : null;

    /// <summary>True when phones are the beginning of a longer pronunciation of a word.</summary>
    internal bool Begins(int word, ReadOnlySpan<int> phones) => _beginnings.Contains(Key(word, phones));

    /// <summary>The least and the greatest number of phones of a word; null when the lexicon does not have it.</summary>
    internal (int Least, int Most)? LengthsOf(int word) => _lengths.TryGetValue(word, out var lengths) ? lengths : null;

    private static int Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new InputException($"expected a word, the word that replaces it and phones, as numbers, got '{text}'.");

    private static string Key(int word, ReadOnlySpan<int> phones)
    {
        Span<char> key = phones.Length < 128 ? stackalloc char[2 * (phones.Length + 1)] : new char[2 * (phones.Length + 1)];
        Put(key, word);
        for (var i = 0; i < phones.Length; i++)
            Put(key[(2 * (i + 1))..], phones[i]);

        return new string(key);

        static void Put(Span<char> target, int number) => (target[0], target[1]) = ((char)number, (char)(number >> 16));
    }

    private void Add(IReadOnlyList<int> entry)
    {
        if (entry.Count < 2)
            throw new InputException("expected a word, the word that replaces it and phones, got fewer than two numbers.");

        var (word, phones) = (entry[0], entry.Skip(2).ToArray());
        if (word == 0 && phones.Length == 0)
            throw new InputException("an entry without word and phones says nothing; leave it out.");

        var key = Key(word, phones);
        if (!_words.TryAdd(key, entry[1]) && _words[key] != entry[1])
            throw new InputException($"word {word} with these phones becomes {_words[key]} in one entry, {entry[1]} in another.");

        for (var length = 1; length < phones.Length; length++)
            _beginnings.Add(Key(word, phones.AsSpan(0, length)));

        var (least, most) = _lengths.GetValueOrDefault(word, (phones.Length, phones.Length));
        _lengths[word] = (Math.Min(least, phones.Length), Math.Max(most, phones.Length));
    }
}
