namespace Mimir.Dist.Emulation;

/// <summary>What a <see cref="ScalingPlan"/> is made for.</summary>
public sealed record PlanOptions
{
    /// <summary>Gets the frames of an epoch.</summary>
    public required long Frames { get; init; }

    /// <summary>Gets the bytes of the parameters.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>Gets the frames of a batch: one worker's in ma, bmuf, two-tier and asgd; that of all together in sync.</summary>
    public required int Batch { get; init; }

    /// <summary>Gets the frames of one worker's batch in sync, whose steps then grow with the workers; null: as <see cref="Batch"/>.</summary>
    public int? SyncBatchPerWorker { get; init; }

    /// <summary>Gets the seed of the jitter. The default is 777.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public void Validate()
    {
        ClusterModel.Require(Frames >= 1, "at least 1 frame an epoch", Frames);
        ClusterModel.Require(ModelBytes >= sizeof(float), "a model of at least 1 parameter", ModelBytes / sizeof(float));
        ClusterModel.Require(Batch >= 1, "a batch of at least 1 frame", Batch);
        ClusterModel.Require((SyncBatchPerWorker ?? 1) >= 1, "a batch of at least 1 frame for each worker", SyncBatchPerWorker ?? 1);
    }
}
