using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The way from audio and text to the first alignments.</summary>
public enum StartMethod
{
    /// <summary>Networks alone: equal alignments, monophone networks, realignment, a tree, realignment.</summary>
    Network,

    /// <summary>Kaldi's way: monophone and triphone Gaussian mixtures, LDA and MLLT.</summary>
    Gaussians,
}

/// <summary>The units of words that no lexicon has.</summary>
public enum WordUnits
{
    /// <summary>None: such a word is unknown.</summary>
    None,

    /// <summary>Each character is a unit.</summary>
    Character,

    /// <summary>Each letter is a unit, whatever its case.</summary>
    Letter,

    /// <summary>Initials and finals with tones of Chinese characters.</summary>
    Pinyin,
}

/// <summary>
/// The start of a corpus without alignments: lexicon, language model, alignments, tree and decoding graph are made from audio and
/// text.
/// </summary>
public sealed record StartRecipe
{
    /// <summary>
    /// The folder of what is made: <c>lang/</c>, <c>ali/</c>, <c>graph/</c>, <c>final.mdl</c>, <c>tree</c>; without it
    /// <c>&lt;output&gt;-start</c>. Recipes that name the same folder share it.
    /// </summary>
    [Option("dir"), ValueKind<PathKind>]
    public string? Dir { get; init; }

    /// <summary>The way to the first alignments; features that exist already need <c>network</c>.</summary>
    [Option("by")]
    public StartMethod By { get; init; } = StartMethod.Gaussians;

    /// <summary>The pronunciations.</summary>
    [Option("lexicon"), ValueKind<LexiconKind>]
    public LexiconRecipe Lexicon { get; init; } = new();

    /// <summary>The text of the language model, a sentence a line; without it the transcripts of the training set.</summary>
    [Option("text"), ValueKind<PathKind>]
    public string? Text { get; init; }

    /// <summary>A language model in ARPA form, in place of one that is estimated from the text.</summary>
    [Option("language-model"), ValueKind<PathKind>]
    public string? LanguageModel { get; init; }

    /// <summary>The order of the estimated n-gram.</summary>
    [Option("order", Min = 1, Max = 6)]
    public int Order { get; init; } = 3;

    /// <summary>The most leaves of the tree; 0 takes one for 700 frames of the training set.</summary>
    [Option("leaves", Min = 0, Max = 50000)]
    public int Leaves { get; init; }

    /// <summary>The Gaussians of the triphone models; 0 takes one for 60 frames of the training set.</summary>
    [Option("gaussians", Min = 0, Max = 1000000)]
    public int Gaussians { get; init; }

    /// <summary>
    /// The times that a network with hidden layers is trained and all sets are aligned with it before the tree; half as many follow.
    /// </summary>
    [Option("rounds", Min = 1, Max = 20)]
    public int Rounds { get; init; } = 2;

    /// <summary>The folder that the start writes to.</summary>
    /// <param name="output">The folder of the run.</param>
    public string FolderOf(string output) => Dir ?? Path.TrimEndingDirectorySeparator(output) + "-start";
}

/// <summary>The pronunciations of words.</summary>
public sealed record LexiconRecipe
{
    /// <summary>A lexicon: a word and its phones on each line; <c>lexiconp.txt</c> has a probability between them.</summary>
    [Option("file"), ValueKind<PathKind>]
    public string? File { get; init; }

    /// <summary>The units of words that the file lacks, or of all words where there is none.</summary>
    [Option("units")]
    public WordUnits Units { get; init; }

    /// <summary>True: words that the file lacks get pronunciations that are learnt from those in it.</summary>
    [Option("g2p")]
    public bool G2P { get; init; }
}

/// <summary>A lexicon: its file alone, or a map.</summary>
public sealed class LexiconKind() : ShorthandKind<LexiconRecipe>("file");
