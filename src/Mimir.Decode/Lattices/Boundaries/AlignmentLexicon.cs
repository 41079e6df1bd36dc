using Mimir.Base;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>
/// The pronunciations that words of a lattice may have (<see cref="AlignLexicon"/>), to be found by word and phones.
/// </summary>
public sealed class AlignmentLexicon
{
    private readonly Dictionary<string, int> _words = [];
    private readonly HashSet<string> _beginnings = [];
    private readonly Dictionary<int, (int Least, int Most)> _lengths = [];

    /// <summary>Creates a lexicon.</summary>
    /// <param name="entries">The pronunciations.</param>
    /// <exception cref="InputException">An entry contradicts another.</exception>
    public AlignmentLexicon(IEnumerable<AlignEntry> entries)
    {
        foreach (var entry in entries)
            Add(entry.Word, entry.Shown, [.. entry.Phones]);
    }

    /// <summary>Reads a lexicon.</summary>
    /// <param name="path">The file; see <see cref="AlignLexicon.Read"/>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">A line is malformed or contradicts another, or there is none.</exception>
    public static AlignmentLexicon Read(string path, KaldiIoOptions? io = null)
    {
        var entries = AlignLexicon.Read(path, io);
        try
        {
            return new(entries);
        }
        catch (InputException failure)
        {
            throw new InputException($"{path}: {failure.Message}", failure);
        }
    }

    /// <summary>The word that replaces a word of the lattice; null when it has no such pronunciation.</summary>
    internal int? Find(int word, ReadOnlySpan<int> phones) => _words.TryGetValue(Key(word, phones), out var found) ? found : null;

    /// <summary>True when phones are the beginning of a longer pronunciation of a word.</summary>
    internal bool Begins(int word, ReadOnlySpan<int> phones) => _beginnings.Contains(Key(word, phones));

    /// <summary>The least and the greatest number of phones of a word; null when the lexicon does not have it.</summary>
    internal (int Least, int Most)? LengthsOf(int word) => _lengths.TryGetValue(word, out var lengths) ? lengths : null;

    private static string Key(int word, ReadOnlySpan<int> phones)
    {
        Span<char> key = phones.Length < 128 ? stackalloc char[2 * (phones.Length + 1)] : new char[2 * (phones.Length + 1)];
        Put(key, word);
        for (var i = 0; i < phones.Length; i++)
            Put(key[(2 * (i + 1))..], phones[i]);

        return new string(key);

        static void Put(Span<char> target, int number) => (target[0], target[1]) = ((char)number, (char)(number >> 16));
    }

    private void Add(int word, int shown, int[] phones)
    {
        var key = Key(word, phones);
        if (!_words.TryAdd(key, shown) && _words[key] != shown)
            throw new InputException($"word {word} with these phones becomes {_words[key]} in one entry, {shown} in another.");

        for (var length = 1; length < phones.Length; length++)
            _beginnings.Add(Key(word, phones.AsSpan(0, length)));

        var (least, most) = _lengths.GetValueOrDefault(word, (phones.Length, phones.Length));
        _lengths[word] = (Math.Min(least, phones.Length), Math.Max(most, phones.Length));
    }
}
