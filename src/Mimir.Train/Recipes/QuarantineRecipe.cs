using Mimir.Base.Options;

namespace Mimir.Train.Recipes;

/// <summary>The treatment of a loss or a gradient that is not finite.</summary>
public enum NanPolicy
{
    /// <summary>The run ends; its last checkpoint is sound.</summary>
    Stop,

    /// <summary>The step is undone, the utterance that caused it is set aside for the rest of the run, and training goes on.</summary>
    Quarantine,
}

/// <summary>The limits of the quarantine of utterances, and what brings an utterance there.</summary>
public sealed record QuarantineRecipe
{
    /// <summary>The most training utterances that may be set aside; one more ends the run.</summary>
    [Option("max-utterances", Min = 0)]
    public int MaxUtterances { get; init; } = 1000;

    /// <summary>The largest share of the training utterances that may be set aside; more ends the run.</summary>
    [Option("max-share", Min = 0, Max = 1)]
    public double MaxShare { get; init; } = 0.05;

    /// <summary>
    /// An utterance is set aside before training when its largest feature has this many times the magnitude that is the median of
    /// the utterances' largest ones; 0 looks at no magnitudes.
    /// </summary>
    [Option("magnitude", Min = 0)]
    public double Magnitude { get; init; } = 1000;

    /// <summary>
    /// An utterance is set aside when its loss a frame, in two epochs in a row after the first, lies this many deviations above the
    /// median of the utterances (1.4826 times the median absolute deviation, at least a tenth of the median), and is worse than the
    /// frequencies of the classes alone would give; 0 looks for none.
    /// </summary>
    [Option("deviations", Min = 0)]
    public double Deviations { get; init; } = 12;
}
