using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>An event of a run: one line of <c>log.jsonl</c>, whose <c>event</c> names its kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run-start")]
[JsonDerivedType(typeof(StageFinished), "stage")]
[JsonDerivedType(typeof(CorpusFetched), "input")]
[JsonDerivedType(typeof(UtterancesDropped), "dropped")]
[JsonDerivedType(typeof(UtteranceQuarantined), "quarantine")]
[JsonDerivedType(typeof(EpochStarted), "epoch-start")]
[JsonDerivedType(typeof(StepProgress), "step")]
[JsonDerivedType(typeof(CrossValidated), "cross-validation")]
[JsonDerivedType(typeof(ScheduleDecided), "schedule")]
[JsonDerivedType(typeof(EpochFinished), "epoch-end")]
[JsonDerivedType(typeof(ModelsAveraged), "average")]
[JsonDerivedType(typeof(WorkersExchanged), "exchange")]
[JsonDerivedType(typeof(RunTuned), "tune")]
[JsonDerivedType(typeof(CheckpointSaved), "checkpoint")]
[JsonDerivedType(typeof(SetDecoded), "decode")]
[JsonDerivedType(typeof(SetScored), "score")]
[JsonDerivedType(typeof(ErrorsFound), "errors")]
[JsonDerivedType(typeof(RunCompared), "comparison")]
[JsonDerivedType(typeof(WarningRaised), "warning")]
[JsonDerivedType(typeof(RunEnded), "run-end")]
public abstract record RunEvent
{
    /// <summary>The time of the event; the log fills it in.</summary>
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

    /// <summary>The versions of program and libraries.</summary>
    public RunVersions Versions { get; init; } = new();

    /// <summary>The machine.</summary>
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

    /// <summary>The time that it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The share of the threads' time spent waiting for files, in per cent; null for a corpus of this machine.</summary>
    public double? InputStall { get; init; }
}

/// <summary>The traffic of a remote corpus; written at the end of a run.</summary>
public sealed record CorpusFetched : RunEvent
{
    /// <summary>The place of the corpus.</summary>
    public required string Source { get; init; }

    /// <summary>Bytes that came from there.</summary>
    public long Bytes { get; init; }

    /// <summary>The number of times that a file had to be waited for.</summary>
    public long Fetched { get; init; }

    /// <summary>The number of times that a file was in the cache.</summary>
    public long Found { get; init; }

    /// <summary>The number of times that a file in the cache was damaged, and was fetched again.</summary>
    public long Damaged { get; init; }

    /// <summary>Fetches that failed and were tried again.</summary>
    public long Retries { get; init; }

    /// <summary>The time that threads waited for files, all together, in seconds.</summary>
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

    /// <summary>The first utterance that was left out for each reason, and its circumstances.</summary>
    public IReadOnlyDictionary<string, string> Examples { get; init; } = new Dictionary<string, string>();

    /// <summary>The number that was left out for each reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();
}

/// <summary>A warning, which stops nothing.</summary>
public sealed record WarningRaised : RunEvent
{
    /// <summary>The text of the warning.</summary>
    public required string Message { get; init; }
}

/// <summary>A run ends, well or not. A run that is killed has no such line.</summary>
public sealed record RunEnded : RunEvent
{
    /// <summary>The way it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The error message, or null.</summary>
    public string? Error { get; init; }
}

/// <summary>The end of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>It did all that its recipe says.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It met an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was stopped from outside, and can be resumed.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,
}

/// <summary>The versions of program and libraries that a run uses.</summary>
public sealed record RunVersions
{
    /// <summary>Mimir's own version.</summary>
    public string Mimir { get; init; } = "";

    /// <summary>The commit that Mimir was built from, or null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit of the repository that the recipe lies in, or null when it lies in none.</summary>
    public string? RecipeCommit { get; init; }

    /// <summary>The .NET runtime.</summary>
    public string Dotnet { get; init; } = "";

    /// <summary>libtorch, or null when it is not known.</summary>
    public string? Libtorch { get; init; }

    /// <summary>CUDA, or null without it.</summary>
    public string? Cuda { get; init; }

    /// <summary>The operating system.</summary>
    public string System { get; init; } = "";
}

/// <summary>The machine that a run is on.</summary>
public sealed record RunHardware
{
    /// <summary>The name of the machine.</summary>
    public string Host { get; init; } = "";

    /// <summary>The device that trains: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "";

    /// <summary>The name of the device's processor, or null when it is not known.</summary>
    public string? Processor { get; init; }

    /// <summary>Cores of the machine.</summary>
    public int Cores { get; init; }

    /// <summary>Threads of the run.</summary>
    public int Threads { get; init; }

    /// <summary>Memory of the machine in bytes, or null when it is not known.</summary>
    public long? MemoryBytes { get; init; }
}
