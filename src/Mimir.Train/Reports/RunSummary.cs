using System.Text.Json;
using Mimir.Base;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Reports;

/// <summary><c>summary.json</c>: the outcome of a run, for a nightly job.</summary>
public sealed record RunSummary
{
    /// <summary>The recipe's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The way the run ended; <see cref="RunStatus.Interrupted"/> when nothing says that it did.</summary>
    public RunStatus Status { get; init; } = RunStatus.Interrupted;

    /// <summary>The error message, or null.</summary>
    public string? Error { get; init; }

    /// <summary>The time when the run began first.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>The time of the last event.</summary>
    public DateTimeOffset Ended { get; init; }

    /// <summary>The time that it worked, in seconds, without the time between an interruption and its resumption.</summary>
    public double Seconds { get; init; }

    /// <summary>The number of resumptions.</summary>
    public int Resumptions { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>The versions of program and libraries.</summary>
    public RunVersions Versions { get; init; } = new();

    /// <summary>The machine.</summary>
    public RunHardware Hardware { get; init; } = new();

    /// <summary>The number of trained parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>
    /// The share of cross-validation frames that the best model classifies right, from 0 to 1; null before the first.
    /// </summary>
    public double? FrameAccuracy { get; init; }

    /// <summary>The best model's cross-entropy a frame of the cross-validation set, in nats; null before the first.</summary>
    public double? CrossEntropy { get; init; }

    /// <summary>The epoch of the best model; null before the first.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The average of models; null where there is none.</summary>
    public AverageRecord? Average { get; init; }

    /// <summary>
    /// Frames trained on a second, over all epochs; validation does not count. Null before the first epoch's end.
    /// </summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The error rates of the sets, in the order in which they were scored.</summary>
    public IReadOnlyList<SetResult> Results { get; init; } = [];

    /// <summary>The epochs; 0 is the validation of the initial model.</summary>
    public IReadOnlyList<EpochResult> Epochs { get; init; } = [];

    /// <summary>The comparison with an earlier run, or null.</summary>
    public RunCompared? Comparison { get; init; }

    /// <summary>The errors of the scored sets to look at first.</summary>
    public IReadOnlyList<ErrorsFound> Errors { get; init; } = [];

    /// <summary>The time by stage, in seconds, in the order in which the stages began; repeated work after a resumption counts.</summary>
    public IReadOnlyDictionary<string, double> StageSeconds { get; init; } = new Dictionary<string, double>();

    /// <summary>The utterances that were left out, with reasons, by set.</summary>
    public IReadOnlyList<UtterancesDropped> Drops { get; init; } = [];

    /// <summary>The utterances that were set aside, with reasons; those that were before training are among the dropped too.</summary>
    public IReadOnlyList<UtteranceQuarantined> Quarantined { get; init; } = [];

    /// <summary>The utterances that were left out, by set.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    /// <summary>The changes by <c>mimir tune</c>, each as <c>rate 0.004 -> 0.002 from epoch 3, step 1240 on</c>.</summary>
    public IReadOnlyList<string> Tuned { get; init; } = [];

    /// <summary>The warnings, each once.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Sums up the events of a run.</summary>
    /// <remarks>Work that a resumed run repeats replaces that before the interruption.</remarks>
    public static RunSummary From(IEnumerable<RunEvent> events) => new RunSummaryBuilder().Build(events);

    /// <summary>Writes the summary, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public void Write(string path) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(this, ReportJson.File.RunSummary) + "\n");

    /// <summary>Reads a summary.</summary>
    /// <exception cref="InputException">The file is no summary.</exception>
    public static RunSummary Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ReportJson.File.RunSummary)
                ?? throw new InputException($"{path}: expected a run's summary, got null");
        }
        catch (JsonException error)
        {
            var place = $"{path}:{(error.LineNumber ?? 0) + 1}";
            throw new InputException($"{place}: expected a run's summary in JSON: {error.Message}", error);
        }
    }
}

/// <summary>An epoch in a summary; the values are those of <see cref="EpochFinished"/>.</summary>
/// <param name="Epoch">The epoch, from 1; 0 for the validation of the initial model.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="TrainLoss">The training loss a frame, in nats; null for epoch 0.</param>
/// <param name="TrainAccuracy">The share of training frames classified right, from 0 to 1; null for epoch 0.</param>
/// <param name="CvLoss">The cross-validation loss a frame, in nats.</param>
/// <param name="CvAccuracy">The share of cross-validation frames classified right, from 0 to 1.</param>
/// <param name="Accepted">True when the schedule accepted its model.</param>
/// <param name="Frames">Training frames.</param>
/// <param name="Seconds">The time of training, without validation, in seconds.</param>
/// <param name="FramesPerSecond">Training frames a second.</param>
public sealed record EpochResult(
    int Epoch,
    double LearningRate,
    double? TrainLoss,
    double? TrainAccuracy,
    double CvLoss,
    double CvAccuracy,
    bool Accepted,
    long Frames,
    double Seconds,
    double FramesPerSecond)
{
    /// <summary>The time that the coordinator waited for the others, in per cent of training; null for one worker alone.</summary>
    public double? WaitingPercent { get; init; }

    /// <summary>The time that it waited for its input, in per cent of training; null where it was not measured.</summary>
    public double? InputStallPercent { get; init; }

    /// <summary>Bytes that it sent in exchanges with the others; null for one worker alone.</summary>
    public long? ExchangedBytes { get; init; }

    /// <summary>The means of what else the loss measures in training, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, double>? TrainMeasures { get; init; }

    /// <summary>The same in cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? CvMeasures { get; init; }
}

/// <summary>An error rate in a summary; the values are those of <see cref="SetScored"/>.</summary>
/// <param name="Set">The set.</param>
/// <param name="Measure">The measure: <c>WER</c>, <c>CER</c>, or <c>SER</c> for syllables.</param>
/// <param name="Percent">Errors in percent of the reference.</param>
/// <param name="Reference">Words, characters or syllables of the reference.</param>
/// <param name="Insertions">Insertion errors.</param>
/// <param name="Deletions">Deletion errors.</param>
/// <param name="Substitutions">Substitution errors.</param>
/// <param name="LmWeight">The language-model weight, or null.</param>
/// <param name="WordInsertionPenalty">The word insertion penalty, or null.</param>
/// <param name="TunedOn">The set on which weight and penalty were chosen, or null.</param>
public sealed record SetResult(
    string Set,
    string Measure,
    double Percent,
    long Reference,
    long Insertions,
    long Deletions,
    long Substitutions,
    double? LmWeight,
    double? WordInsertionPenalty,
    string? TunedOn);
