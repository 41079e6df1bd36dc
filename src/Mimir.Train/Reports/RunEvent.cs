using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>Something that happened in a run: one line of <c>log.jsonl</c>, whose <c>event</c> names its kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run-start")]
[JsonDerivedType(typeof(StageFinished), "stage")]
[JsonDerivedType(typeof(CorpusFetched), "input")]
[JsonDerivedType(typeof(UtterancesDropped), "dropped")]
[JsonDerivedType(typeof(EpochStarted), "epoch-start")]
[JsonDerivedType(typeof(StepProgress), "step")]
[JsonDerivedType(typeof(CrossValidated), "cross-validation")]
[JsonDerivedType(typeof(ScheduleDecided), "schedule")]
[JsonDerivedType(typeof(EpochFinished), "epoch-end")]
[JsonDerivedType(typeof(WorkersExchanged), "exchange")]
[JsonDerivedType(typeof(RunTuned), "tune")]
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

    /// <summary>The minibatches that the checkpoint had done since the run began; null for a new run.</summary>
    public long? ResumedStep { get; init; }

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

    /// <summary>How much of the threads' time was spent waiting for files, in per cent; null for a corpus of this machine.</summary>
    public double? InputStall { get; init; }
}

/// <summary>What a run got from a corpus that lies elsewhere; written at its end.</summary>
public sealed record CorpusFetched : RunEvent
{
    /// <summary>Where the corpus lies.</summary>
    public required string Source { get; init; }

    /// <summary>Bytes that came from there.</summary>
    public long Bytes { get; init; }

    /// <summary>How often a file had to be waited for.</summary>
    public long Fetched { get; init; }

    /// <summary>How often a file was in the cache when it was asked for.</summary>
    public long Found { get; init; }

    /// <summary>Fetches that failed and were tried again.</summary>
    public long Retries { get; init; }

    /// <summary>How long threads waited for files, all together, in seconds.</summary>
    public double Waited { get; init; }

    /// <summary>The same as a share of the threads' time since the run began, in per cent.</summary>
    public double InputStall { get; init; }
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
