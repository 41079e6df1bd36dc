using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>The root of a decision tree for some phones, as in Kaldi's <c>roots.int</c>.</summary>
/// <param name="IsShared">True when the states of the HMM share the root.</param>
/// <param name="IsSplit">True when the tree may be split below it.</param>
/// <param name="Phones">The phones.</param>
public sealed record PhoneRoot(bool IsShared, bool IsSplit, IReadOnlyList<int> Phones);

/// <summary>
/// All that a lexicon gives for training and decoding: what Kaldi's <c>prepare_lang.sh</c> writes into <c>data/lang</c>.
/// </summary>
/// <param name="lexicon">The part that training and alignment need.</param>
public sealed record LangDirectory(LangLexicon lexicon) : LangLexicon(lexicon)
{
    /// <summary>Gets the HMMs of the phones.</summary>
    public required HmmTopology Topology { get; init; }

    /// <summary>Gets the lexicon with symbols of disambiguation, for decoding graphs: L_disambig.</summary>
    public required VectorFst DisambiguatedLexicon { get; init; }

    /// <summary>Gets the phones of silence and noise.</summary>
    public required IReadOnlyList<int> SilencePhones { get; init; }

    /// <summary>Gets all other phones.</summary>
    public required IReadOnlyList<int> SpeechPhones { get; init; }

    /// <summary>Gets the phones that share the root of a tree.</summary>
    public required IReadOnlyList<PhoneRoot> Roots { get; init; }

    /// <summary>Gets sets of phones that a tree may ask for, beside those of clustering.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> ExtraQuestions { get; init; }

    /// <summary>Gets the pronunciations that align words; the optional silence is of word 0.</summary>
    public required IReadOnlyList<AlignEntry> AlignLexicon { get; init; }

    /// <summary>True when phones are distinguished by their position in a word.</summary>
    public required bool IsPositionDependent { get; init; }

    /// <summary>Gets the number of words, without the symbols that are none.</summary>
    public int WordCount => Words.Entries.Count(
        entry => entry.Value != 0 && entry.Key is not (LangBuilder.WordDisambiguation or "<s>" or "</s>"));

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder; the lists of phones may also lie in it in place of its <c>phones/</c>.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="Mimir.Base.InputException">A file is damaged, or they do not belong together.</exception>
    public static new LangDirectory Read(string folder) => new LangReader(folder).ReadAll();

    /// <summary>Writes all of Kaldi's files into a folder, which is made where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write(string folder) => LangFiles.Write(this, folder);
}
