using System.Text.Json.Serialization;
using Mimir.Dist.Data.Leases;
using Mimir.Train.Schedules;
using Mimir.Train.Training;

namespace Mimir.Train.Checkpoints;

/// <summary>Where a training run stands at a step boundary; with the vectors of a checkpoint, all that resuming needs.</summary>
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

    /// <summary>Gets what the epoch under way has added up.</summary>
    public EpochTotals Totals { get; init; }

    /// <summary>Gets the leases of the epoch under way, where workers lease their data; null: none are given out.</summary>
    public LeasePoolState? Leases { get; init; }

    /// <summary>Gets how far the ledger had come; null for a run without one.</summary>
    public LedgerMark? Ledger { get; init; }

    /// <summary>Gets what was tuned while the run went on, besides the rate, by path in the recipe.</summary>
    public IReadOnlyDictionary<string, string> Tuned { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the finished epochs, the untrained network first.</summary>
    [JsonRequired]
    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>Gets counters of random streams and optimisers by name.</summary>
    [JsonRequired]
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();
}
