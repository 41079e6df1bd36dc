namespace Mimir.Train.Training;

/// <summary>How the training loop looks after itself.</summary>
public sealed record TrainerOptions
{
    /// <summary>Gets the fingerprint of the recipe, written to every checkpoint.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Gets the time between two checkpoints within an epoch; zero, the default, is never.</summary>
    public TimeSpan CheckpointEvery { get; init; }

    /// <summary>Gets how many checkpoints stay on the disk. The default is 2.</summary>
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>
    /// Gets whether the optimiser starts every epoch afresh. The default is true, as in nnet1, whose model files hold no
    /// momentum.
    /// </summary>
    public bool ResetOptimiserEachEpoch { get; init; } = true;
}
