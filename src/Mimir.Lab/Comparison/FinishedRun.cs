using Mimir.Decode.Scoring;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>A finished run for comparison with others.</summary>
public sealed record FinishedRun
{
    /// <summary>The run's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The run's name in the comparison.</summary>
    public required string Name { get; init; }

    /// <summary>The run's summary.</summary>
    public required RunSummary Summary { get; init; }

    /// <summary>The update mode: <c>alone</c>, <c>sync</c>, <c>ma</c>, <c>bmuf</c>, <c>asgd</c>, <c>two-tier</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The number of workers.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The emulated machines; null for a run that was not emulated.</summary>
    public int? Machines { get; init; }

    /// <summary>The name of the emulated cluster, or null for a run whose time was measured.</summary>
    public string? Cluster { get; init; }

    /// <summary>The time of validating the untrained network, in seconds.</summary>
    public double InitialSeconds { get; init; }

    /// <summary>The trained epochs from the first on.</summary>
    public IReadOnlyList<FinishedEpoch> Epochs { get; init; } = [];

    /// <summary>The decoded sets: the errors of each utterance.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, ErrorCounts>>> Sets { get; init; } =
        new Dictionary<string, IReadOnlyList<KeyValuePair<string, ErrorCounts>>>();

    /// <summary>Gets a value that is true when the times are modelled, not measured.</summary>
    public bool IsModelled => Cluster is not null;

    /// <summary>Gets the time of training and validation over all epochs and of validating the untrained network, in seconds.</summary>
    public double Seconds => InitialSeconds + Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>Gets the mean training time of an epoch, in seconds; null without epochs.</summary>
    public double? SecondsOfEpoch => Epochs.Count > 0 ? Epochs.Average(epoch => epoch.TrainingSeconds) : null;

    /// <summary>Gets the training speed in frames a second; null when the time is not known.</summary>
    public double? FramesPerSecond => Share(epoch => epoch.Frames);

    /// <summary>Gets the time that a worker waited for the others, in per cent of training; null for one worker alone.</summary>
    public double? WaitingPercent => Epochs.Any(epoch => epoch.WaitingSeconds is not null)
        ? 100 * Share(epoch => epoch.WaitingSeconds ?? 0)
        : null;

    /// <summary>Gets the mean staleness of the pushes to a parameter server; null where there are none.</summary>
    public double? Staleness => Epochs.Sum(epoch => epoch.Pushes) is var pushes and > 0
        ? Epochs.Sum(epoch => epoch.Pushes * epoch.Staleness) / pushes
        : null;

    /// <summary>The result of a set under the measure that its utterances were scored with, or null when it was not decoded.</summary>
    public SetResult? Result(string set) =>
        Summary.Results.FirstOrDefault(result => result.Set == set && result.Measure is ("CER" or "WER"));

    private double? Share(Func<FinishedEpoch, double> part) =>
        Epochs.Sum(epoch => epoch.TrainingSeconds) is var seconds and > 0 ? Epochs.Sum(part) / seconds : null;
}

/// <summary>An epoch of a finished run with its measured or modelled times.</summary>
public sealed record FinishedEpoch
{
    /// <summary>Losses, accuracies, frames, and the verdict of the schedule.</summary>
    public required EpochResult Result { get; init; }

    /// <summary>The time of its training, in seconds.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>The time of the cross-validation after it, in seconds.</summary>
    public double ValidationSeconds { get; init; }

    /// <summary>The time that a worker waited for the others, in seconds; null for one worker alone.</summary>
    public double? WaitingSeconds { get; init; }

    /// <summary>The pushes to a parameter server; 0 where there is none.</summary>
    public long Pushes { get; init; }

    /// <summary>The mean staleness of a push: the number of other pushes that overtook it.</summary>
    public double Staleness { get; init; }

    /// <summary>Gets the training frames.</summary>
    public long Frames => Result.Frames;

    /// <summary>Gets the time of training and validation, in seconds.</summary>
    public double Seconds => TrainingSeconds + ValidationSeconds;
}
