using System.Globalization;
using System.Text.Json.Serialization;
using Mimir.Dist.Data.Leases;
using Mimir.Train.Schedules;

namespace Mimir.Train.Checkpoints;

/// <summary>The position of a training run at a step boundary; with the vectors of a checkpoint, all that resuming needs.</summary>
public sealed record TrainingState
{
    /// <summary>Gets the fingerprint of the part of the recipe that decides the model.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Gets the epoch that is under way, or is next, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the steps of that epoch that are done.</summary>
    public int Step { get; init; }

    /// <summary>Gets the steps of the whole run that are done.</summary>
    public long TotalSteps { get; init; }

    /// <summary>Gets the state of the schedule.</summary>
    public required ScheduleState Schedule { get; init; }

    /// <summary>Gets the running sums of the epoch under way.</summary>
    public EpochTotals Totals { get; init; }

    /// <summary>Gets the leases of the epoch under way where workers lease their data, else null.</summary>
    public LeasePoolState? Leases { get; init; }

    /// <summary>Gets the lengths of the ledger; null for a run without one.</summary>
    public LedgerMark? Ledger { get; init; }

    /// <summary>Gets the values that <c>mimir tune</c> has changed, besides the rate, by path in the recipe.</summary>
    public IReadOnlyDictionary<string, string> Tuned { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the average of models that was chosen when training was over; null before, or without one.</summary>
    public AverageRecord? Average { get; init; }

    /// <summary>Gets the utterances that were set aside, in the order in which they were.</summary>
    public IReadOnlyList<QuarantinedUtterance> Quarantined { get; init; } = [];

    /// <summary>Gets the utterances whose losses were outliers in the last epoch, with the first of such epochs in a row.</summary>
    public IReadOnlyDictionary<string, int> Doubtful { get; init; } = new Dictionary<string, int>();

    /// <summary>Gets the finished epochs, the untrained network first.</summary>
    [JsonRequired]
    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>Gets counters of random streams and optimisers by name.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();
}

/// <summary>A finished epoch.</summary>
/// <param name="Epoch">The epoch, from 1; 0 is the untrained network, whose training figures are 0.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="TrainLoss">The loss per frame while training, an average over the changing network.</param>
/// <param name="TrainAccuracy">The share of training frames that were right, from 0 to 1.</param>
/// <param name="CvLoss">The loss per frame on the cross-validation set after the epoch.</param>
/// <param name="CvAccuracy">The share of cross-validation frames that are right, from 0 to 1.</param>
/// <param name="Accepted">True when the epoch's network became the best one.</param>
public sealed record EpochRecord(
    int Epoch, double Rate, double TrainLoss, double TrainAccuracy, double CvLoss, double CvAccuracy, bool Accepted)
{
    /// <summary>Gets the means of what else the loss measures in training, by name; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? TrainMeasures { get; init; }

    /// <summary>Gets the same in cross-validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? CvMeasures { get; init; }
}

/// <summary>An average of models.</summary>
/// <param name="Models">The models that it is of: <c>the last 3 models</c>.</param>
/// <param name="CvLoss">Its loss per frame on the cross-validation set.</param>
/// <param name="CvAccuracy">The share of cross-validation frames that are right, from 0 to 1.</param>
/// <param name="Accepted">True when it became the model of the run.</param>
public sealed record AverageRecord(string Models, double CvLoss, double CvAccuracy, bool Accepted)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Models}: cross-validation loss {CvLoss:F4}, frame accuracy {100 * CvAccuracy:F2}%, {(Accepted ? "accepted" : "rejected")}");
}

/// <summary>An utterance of the training set that a run has set aside.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Epoch">The epoch in which it was.</param>
/// <param name="Step">The step, counted since the run began, that was undone; or that would have come next.</param>
/// <param name="Reason">The reason.</param>
public sealed record QuarantinedUtterance(string Utterance, int Epoch, long Step, string Reason);

/// <summary>Lengths of a run's ledger in bytes; on resuming, later bytes are cut off.</summary>
/// <param name="Epoch">The length at the beginning of the epoch that is under way or next.</param>
/// <param name="Now">The length when the checkpoint was written.</param>
public sealed record LedgerMark(long Epoch, long Now);

/// <summary>JSON of the state and the history of training, without reflection, so that the program can be trimmed.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(IReadOnlyList<EpochRecord>))]
internal sealed partial class StateJson : JsonSerializerContext;
