using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Train.Recipes;

namespace Mimir.Train.Packages;

/// <summary>The features and the search of a package: all that transcribing needs beside the files of the model.</summary>
public sealed record PackageRecipe
{
    /// <summary>The form of the package; a higher number is of a later Mimir.</summary>
    [Option("format", Min = 1)]
    public int Format { get; init; } = 1;

    /// <summary>The name of the run.</summary>
    [Option("name", Required = true), ValueKind<NameKind>]
    public string Name { get; init; } = "";

    /// <summary>The version of Mimir that made the package.</summary>
    [Option("mimir")]
    public string Mimir { get; init; } = "";

    /// <summary>The seed of dither.</summary>
    [Option("seed")]
    public ulong Seed { get; init; } = 777;

    /// <summary>The device: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    [Option("device")]
    public string Device { get; init; } = "auto";

    /// <summary>The features of an utterance.</summary>
    [Option("features")]
    public FeaturesRecipe Features { get; init; } = new();

    /// <summary>The part of an utterance that a network with sequences sees at a time.</summary>
    [Option("evaluate")]
    public EvaluateRecipe Evaluate { get; init; } = new();

    /// <summary>The search.</summary>
    [Option("decode")]
    public PackageSearch Decode { get; init; } = new();
}

/// <summary>The beams and weights of a search.</summary>
public sealed record PackageSearch
{
    /// <summary>The decoding beam, in log likelihood after scaling.</summary>
    [Option("beam", Min = 0, MinExcluded = true)]
    public double Beam { get; init; } = 13;

    /// <summary>The largest number of active tokens in a frame.</summary>
    [Option("max-active", Min = 2)]
    public int MaxActive { get; init; } = 7000;

    /// <summary>The beam of the lattice, in log likelihood after scaling.</summary>
    [Option("lattice-beam", Min = 0, MinExcluded = true)]
    public double LatticeBeam { get; init; } = 8;

    /// <summary>The factor on log likelihoods in the search.</summary>
    [Option("acoustic-scale", Min = 0, MinExcluded = true)]
    public double AcousticScale { get; init; } = 0.1;

    /// <summary>The language-model weight: the best path and the confidences are those at 1 / weight.</summary>
    [Option("lm-weight", Min = 0, MinExcluded = true)]
    public double LmWeight { get; init; } = 10;

    /// <summary>The cost of each word, against insertions.</summary>
    [Option("word-insertion-penalty")]
    public double WordInsertionPenalty { get; init; }

    /// <summary>Words that are left out of transcripts, such as <c>&lt;SIL&gt;</c>.</summary>
    [Option("leave-out", Expected = "a list of words, such as [<SIL>]")]
    public IReadOnlyList<string> LeaveOut { get; init; } = [];
}
