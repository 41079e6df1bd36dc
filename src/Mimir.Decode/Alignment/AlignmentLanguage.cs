using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Alignment;

/// <summary>The parts of a language that alignment needs, as Kaldi's <c>prepare_lang.sh</c> leaves them in a folder.</summary>
/// <param name="Words">The names of the words.</param>
/// <param name="Phones">The names of the phones.</param>
/// <param name="Lexicon">The lexicon without disambiguation symbols, phones in and words out.</param>
/// <param name="Disambiguation">The disambiguation symbols among the phones.</param>
/// <param name="OptionalSilence">The phones between words that are of no word.</param>
/// <param name="Unknown">The word in place of those that the lexicon lacks; null for none.</param>
public sealed record AlignmentLanguage(
    SymbolTable Words,
    SymbolTable Phones,
    VectorFst Lexicon,
    IReadOnlyList<int> Disambiguation,
    IReadOnlyList<int> OptionalSilence,
    int? Unknown)
{
    private readonly Dictionary<string, int> _labels = new(Words.Entries, StringComparer.Ordinal);

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">Holds <c>words.txt</c>, <c>phones.txt</c> and <c>L.fst</c>, and in it or in its <c>phones/</c> the lists
    /// <c>disambig.int</c> and <c>optional_silence.int</c>; <c>oov.int</c> where there is a word for unknown ones.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static AlignmentLanguage Read(string folder)
    {
        string At(string file) => Path.Combine(folder, file);
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder; expected a lang directory with L.fst, words.txt and phones.txt");

        var unknown = Numbers(folder, "oov.int");
        return new AlignmentLanguage(
            SymbolTable.Read(At("words.txt")),
            SymbolTable.Read(At("phones.txt")),
            FstReader.ReadVector(At(File.Exists(At("L.fst")) || !File.Exists(At("L.fst.gz")) ? "L.fst" : "L.fst.gz")),
            Numbers(folder, "disambig.int"),
            Numbers(folder, "optional_silence.int"),
            unknown.Length == 0 ? null : unknown[0]);
    }

    /// <summary>Finds the words of a text.</summary>
    /// <param name="text">Words with spaces between them.</param>
    /// <returns>Their labels, <see cref="Unknown"/> for those that the language lacks; and the words it lacks.</returns>
    public (int[] Labels, IReadOnlyList<string> Lacking) Find(string text)
    {
        var (labels, lacking) = (new List<int>(), new List<string>());
        foreach (var word in Split(text))
        {
            if (_labels.TryGetValue(word, out var label))
            {
                labels.Add(label);
                continue;
            }

            lacking.Add(word);
            if (Unknown is { } unknown)
                labels.Add(unknown);
        }

        return ([.. labels], lacking);
    }

    private static string[] Split(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static int[] Numbers(string folder, string file)
    {
        var path = Path.Combine(folder, "phones", file);
        if (!File.Exists(path))
            path = Path.Combine(folder, file);
        if (!File.Exists(path))
            return [];

        return IntegerList.Read(path);
    }
}
