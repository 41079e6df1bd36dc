using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Building;

/// <summary>The part of a lang directory that training and alignment need: the words, the phones, and the lexicon between them.</summary>
/// <param name="Words">The words: <c>&lt;eps&gt;</c> 0, the words sorted, <c>#0</c>, <c>&lt;s&gt;</c>, <c>&lt;/s&gt;</c>.</param>
/// <param name="Phones">The phones: <c>&lt;eps&gt;</c> 0, silence, speech, then the symbols of disambiguation.</param>
/// <param name="Lexicon">The transducer from phones to words, for training: L.</param>
/// <param name="Disambiguation">The symbols of disambiguation among the phones.</param>
/// <param name="OptionalSilence">The phones between words that are of no word: one, or none.</param>
/// <param name="UnknownWord">The word that stands for those that the lexicon lacks; null for none.</param>
public record LangLexicon(
    SymbolTable Words,
    SymbolTable Phones,
    VectorFst Lexicon,
    IReadOnlyList<int> Disambiguation,
    IReadOnlyList<int> OptionalSilence,
    string? UnknownWord)
{
    private readonly Dictionary<string, int> _labels = new(Words.Entries, StringComparer.Ordinal);

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">Holds <c>words.txt</c>, <c>phones.txt</c> and <c>L.fst</c>, and in it or in its <c>phones/</c> the lists
    /// <c>disambig.int</c> and <c>optional_silence.int</c>; <c>oov.txt</c> or <c>oov.int</c> where a word stands for unknown ones.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static LangLexicon Read(string folder) => new LangReader(folder).ReadLexicon();

    /// <summary>Finds the words of a text.</summary>
    /// <param name="text">Words with spaces between them.</param>
    /// <returns>Their labels, that of <see cref="UnknownWord"/> for those that the lexicon lacks; and the words it lacks.</returns>
    public (int[] Labels, IReadOnlyList<string> Lacking) Find(string text)
    {
        var (labels, lacking) = (new List<int>(), new List<string>());
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (_labels.TryGetValue(word, out var label))
            {
                labels.Add(label);
                continue;
            }

            lacking.Add(word);
            if (UnknownWord is { } unknown)
                labels.Add(_labels[unknown]);
        }

        return ([.. labels], lacking);
    }
}
