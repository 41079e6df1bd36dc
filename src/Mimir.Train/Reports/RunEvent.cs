using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>Something that happened in a run: one line of <c>log.jsonl</c>, whose <c>event</c> names its kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run-start")]
[JsonDerivedType(typeof(StageFinished), "stage")]
[JsonDerivedType(typeof(UtterancesDropped), "dropped")]
[JsonDerivedType(typeof(EpochStarted), "epoch-start")]
[JsonDerivedType(typeof(StepProgress), "step")]
[JsonDerivedType(typeof(CrossValidated), "cross-validation")]
[JsonDerivedType(typeof(ScheduleDecided), "schedule")]
[JsonDerivedType(typeof(EpochFinished), "epoch-end")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(SetDecoded), "decode")]
[JsonDerivedType(typeof(SetScored), "score")]
[JsonDerivedType(typeof(WarningRaised), "warning")]
[JsonDerivedType(typeof(RunEnded), "run-end")]
public abstract record RunEvent
{
    /// <summary>When it happened; the log fills it in.</summary>
    [JsonPropertyOrder(-1)]
    public DateTimeOffset Time { get; init; }
}

/// <summary>A run begins, or goes on after it was interrupted.</summary>
public sealed record RunStarted : RunEvent
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The checkpoint that the run goes on from, or null for a new run.</summary>
    public string? ResumedFrom { get; init; }

    /// <summary>The epoch that the checkpoint lies in, from 1; null for a new run.</summary>
    public int? ResumedEpoch { get; init; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>What the run is done with.</summary>
    public RunVersions Versions { get; init; } = new();

    /// <summary>What the run is done on.</summary>
    public RunHardware Hardware { get; init; } = new();

    /// <summary>The number of trained parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>The width of the input after splicing.</summary>
    public int InputDim { get; init; }

    /// <summary>The number of classes.</summary>
    public int OutputDim { get; init; }
}

/// <summary>A stage other than training is done.</summary>
public sealed record StageFinished : RunEvent
{
    /// <summary>The stage.</summary>
    public required RunStage Stage { get; init; }

    /// <summary>The set that was worked on, or null.</summary>
    public string? Set { get; init; }

    /// <summary>Utterances that came through.</summary>
    public long Utterances { get; init; }

    /// <summary>Frames that came through.</summary>
    public long Frames { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>Utterances of a set were left out.</summary>
public sealed record UtterancesDropped : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The utterances of the set before any was left out.</summary>
    public long Utterances { get; init; }

    /// <summary>The utterances that were left out.</summary>
    public long Dropped { get; init; }

    /// <summary>How many were left out for each reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();
}

/// <summary>An epoch begins.</summary>
public sealed record EpochStarted : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }
}

/// <summary>Where training stands within an epoch.</summary>
public sealed record StepProgress : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Minibatches done since the run began.</summary>
    public long Step { get; init; }

    /// <summary>Frames done in this epoch.</summary>
    public long Frames { get; init; }

    /// <summary>The loss a frame so far in this epoch, in nats.</summary>
    public double Loss { get; init; }

    /// <summary>The share of frames classified right so far in this epoch, from 0 to 1.</summary>
    public double FrameAccuracy { get; init; }

    /// <summary>Frames a second since the last such line.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }
}

/// <summary>The cross-validation set was evaluated.</summary>
public sealed record CrossValidated : RunEvent
{
    /// <summary>The epoch that was evaluated; 0 for the initial model.</summary>
    public required int Epoch { get; init; }

    /// <summary>The loss a frame, in nats.</summary>
    public double Loss { get; init; }

    /// <summary>The share of frames classified right, from 0 to 1.</summary>
    public double FrameAccuracy { get; init; }

    /// <summary>Frames of the set.</summary>
    public long Frames { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>The schedule judged an epoch.</summary>
public sealed record ScheduleDecided : RunEvent
{
    /// <summary>The epoch that was judged.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether its model is the best one now.</summary>
    public bool Accepted { get; init; }

    /// <summary>The improvement of the loss in proportion to the loss before.</summary>
    public double RelativeImprovement { get; init; }

    /// <summary>The learning rate of the next epoch.</summary>
    public double LearningRate { get; init; }

    /// <summary>Whether the learning rate is falling.</summary>
    public bool Halving { get; init; }

    /// <summary>Whether training ends here.</summary>
    public bool Stop { get; init; }
}

/// <summary>An epoch is trained and validated.</summary>
public sealed record EpochFinished : RunEvent
{
    /// <summary>The epoch, from 1; 0 for the validation of the initial model.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The training loss a frame, in nats.</summary>
    public double TrainLoss { get; init; }

    /// <summary>The share of training frames classified right, from 0 to 1.</summary>
    public double TrainAccuracy { get; init; }

    /// <summary>The cross-validation loss a frame, in nats.</summary>
    public double CvLoss { get; init; }

    /// <summary>The share of cross-validation frames classified right, from 0 to 1.</summary>
    public double CvAccuracy { get; init; }

    /// <summary>Whether the schedule accepted its model.</summary>
    public bool Accepted { get; init; }

    /// <summary>Training frames.</summary>
    public long Frames { get; init; }

    /// <summary>How long training took, without validation, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the training speed in frames a second; 0 when the time is not known.</summary>
    public double FramesPerSecond => Seconds > 0 ? Frames / Seconds : 0;
}

/// <summary>The state of training is on the disk.</summary>
public sealed record CheckpointSaved : RunEvent
{
    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The epoch that it lies in, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Minibatches done since the run began.</summary>
    public long Step { get; init; }
}

/// <summary>A set was decoded.</summary>
public sealed record SetDecoded : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>Utterances with a hypothesis.</summary>
    public long Utterances { get; init; }

    /// <summary>Utterances without one, or whose search ended in no final state.</summary>
    public long Incomplete { get; init; }

    /// <summary>Frames.</summary>
    public long Frames { get; init; }

    /// <summary>How long it took, in seconds of the clock on the wall.</summary>
    public double Seconds { get; init; }

    /// <summary>Time of the processor over duration of the speech, or null.</summary>
    public double? RealTimeFactor { get; init; }
}

/// <summary>The hypotheses of a set were compared with its transcripts.</summary>
public sealed record SetScored : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The measure: <c>WER</c>, <c>CER</c>, or <c>SER</c> for syllables.</summary>
    public required string Measure { get; init; }

    /// <summary>Errors in percent of the reference.</summary>
    public double Percent { get; init; }

    /// <summary>Words, characters or syllables of the reference.</summary>
    public long Reference { get; init; }

    /// <summary>What the hypotheses have too much.</summary>
    public long Insertions { get; init; }

    /// <summary>What they lack.</summary>
    public long Deletions { get; init; }

    /// <summary>What they have wrong.</summary>
    public long Substitutions { get; init; }

    /// <summary>The language-model weight, or null.</summary>
    public double? LmWeight { get; init; }

    /// <summary>The word insertion penalty, or null.</summary>
    public double? WordInsertionPenalty { get; init; }

    /// <summary>The set on which weight and penalty were chosen, or null.</summary>
    public string? TunedOn { get; init; }
}

/// <summary>Something that the user should know and that stops nothing.</summary>
public sealed record WarningRaised : RunEvent
{
    /// <summary>What it is.</summary>
    public required string Message { get; init; }
}

/// <summary>A run ends, well or not. A run that is killed has no such line.</summary>
public sealed record RunEnded : RunEvent
{
    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public string? Error { get; init; }
}
