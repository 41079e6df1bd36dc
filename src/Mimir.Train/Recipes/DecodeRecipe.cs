using Mimir.Decode.Scoring;

namespace Mimir.Train.Recipes;

/// <summary>How the test sets are decoded and scored.</summary>
public sealed record DecodeRecipe
{
    /// <summary>The value of <see cref="Prior"/> that takes the class priors from the training alignments.</summary>
    public const string PriorFromAlignments = "alignments";

    /// <summary>The folder with <c>HCLG.fst</c> and <c>words.txt</c>.</summary>
    public string Graph { get; init; } = "";

    /// <summary>The decoding beam, in log likelihood after scaling. The default is 13.</summary>
    public double Beam { get; init; } = 13;

    /// <summary>The most active tokens in a frame. The default is 7000.</summary>
    public int MaxActive { get; init; } = 7000;

    /// <summary>The beam of the lattice, in log likelihood after scaling. The default is 8.</summary>
    public double LatticeBeam { get; init; } = 8;

    /// <summary>What log likelihoods are multiplied with in the search. The default is 0.1.</summary>
    public double AcousticScale { get; init; } = 0.1;

    /// <summary>
    /// The class priors: <c>alignments</c> (counts over the training alignments, the default) or a file of counts as
    /// Kaldi's <c>analyze-counts</c> writes it.
    /// </summary>
    public string Prior { get; init; } = PriorFromAlignments;

    /// <summary>The set on which the weights of scoring are chosen: <c>cv</c>, the default, or another set's name.</summary>
    public string TuneOn { get; init; } = "cv";

    /// <summary>How the transcripts are compared.</summary>
    public ScoreRecipe Score { get; init; } = new();
}

/// <summary>How the transcripts are compared.</summary>
public sealed record ScoreRecipe
{
    /// <summary>What is counted. The default is words.</summary>
    public ScoreUnit Unit { get; init; } = ScoreUnit.Word;

    /// <summary>The language-model weights to try, a range <c>4-15</c> (the default) or a list.</summary>
    public IReadOnlyList<int> LmWeights { get; init; } = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>The word insertion penalties to try. The default is 0, 0.5 and 1.</summary>
    public IReadOnlyList<double> WordInsertionPenalties { get; init; } = [0, 0.5, 1];

    /// <summary>A file in the form of <c>text</c> with reference transcripts, or null for each set's own <c>text</c>.</summary>
    public string? Reference { get; init; }

    /// <summary>A lexicon (word, then phones) for the syllable error rate as well, or null for none.</summary>
    public string? Lexicon { get; init; }
}
