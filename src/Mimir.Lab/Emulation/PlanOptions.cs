using System.Globalization;
using Mimir.Base;

namespace Mimir.Lab.Emulation;

/// <summary>Options of a <see cref="ScalingPlan"/>.</summary>
public sealed record PlanOptions
{
    /// <summary>Gets the frames of an epoch.</summary>
    public required long Frames { get; init; }

    /// <summary>Gets the bytes of the parameters.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>Gets the frames of a batch: that of all workers together in sync, otherwise that of one worker.</summary>
    public required int Batch { get; init; }

    /// <summary>
    /// Gets the frames of one worker's batch in sync, whose steps then grow with the workers; null: as <see cref="Batch"/>.
    /// </summary>
    public int? SyncBatchPerWorker { get; init; }

    /// <summary>Gets the seed of the jitter.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InputException">Something is out of range.</exception>
    public void Validate()
    {
        Require(Frames >= 1, "at least 1 frame an epoch", Frames);
        Require(ModelBytes >= sizeof(float), "a model of at least 1 parameter", ModelBytes / sizeof(float));
        Require(Batch >= 1, "a batch of at least 1 frame", Batch);
        Require((SyncBatchPerWorker ?? 1) >= 1, "a batch of at least 1 frame for each worker", SyncBatchPerWorker ?? 1);
    }

    private static void Require(bool holds, string expected, double got)
    {
        if (!holds)
            throw new InputException($"expected {expected}, got {got.ToString(CultureInfo.InvariantCulture)}");
    }
}
