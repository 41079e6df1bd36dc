namespace Mimir.Lab.Emulation;

/// <summary>Options of <c>mimir plan</c>; a null one is taken from the recipe, its corpus or the cluster.</summary>
public sealed record PlanRequest
{
    /// <summary>Gets the frames a second of one device; null: the cluster's.</summary>
    public double? Rate { get; init; }

    /// <summary>Gets the frames of an epoch; null: those of the training set's alignments.</summary>
    public long? Frames { get; init; }

    /// <summary>Gets the parameters of the model; null: those of the recipe's graph.</summary>
    public long? Parameters { get; init; }

    /// <summary>Gets the numbers of workers.</summary>
    public IReadOnlyList<int> Workers { get; init; } = [.. Enumerable.Range(0, 11).Select(power => 1 << power)];

    /// <summary>Gets the names of the update modes; empty, the default: the recipe's own.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>Gets the frames of one worker's batch in sync; null: its part of the recipe's batch.</summary>
    public int? BatchPerWorker { get; init; }
}
