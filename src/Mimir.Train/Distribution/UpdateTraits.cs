using Mimir.Dist.Updates;

namespace Mimir.Train.Distribution;

/// <summary>The capabilities of an update mode that training depends on.</summary>
internal sealed record UpdateTraits
{
    /// <summary>The others continue when a worker is lost.</summary>
    public bool FaultTolerant { get; init; }

    /// <summary>Bits that a worker sends arrive at all with the same exchange, and not only at the end of an epoch.</summary>
    public bool PassesSignals { get; init; }

    /// <summary>All can change their numbers at the same exchange.</summary>
    public bool TunesTogether { get; init; }

    /// <summary>Models are exchanged in blocks.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>Trained data count when their block is done; else with each step.</summary>
    public bool CommitsByBlock { get; init; }

    /// <summary>All workers take every step together, each with its part of the batch; else batches are leased.</summary>
    public bool StepsTogether { get; init; }

    /// <summary>Results depend on timing, so leases may go to the worker that asks first.</summary>
    public bool DependsOnTiming { get; init; }

    /// <summary>Workers of one machine take steps together, and machines exchange models.</summary>
    public bool HasMachines { get; init; }

    /// <summary>The capabilities of a mode.</summary>
    /// <param name="options">The mode's options.</param>
    public static UpdateTraits Of(UpdateOptions options) => new()
    {
        FaultTolerant = options.FaultTolerant,
        PassesSignals = options.PassesSignals,
        TunesTogether = !options.IsAsynchronous,
        HasBlocks = options.HasBlocks,
        CommitsByBlock = options.CommitsByBlock,
        StepsTogether = options.SplitsBatches,
        DependsOnTiming = options.IsAsynchronous,
        HasMachines = options.GroupsMachines,
    };
}
