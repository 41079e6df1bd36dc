namespace Mimir.Train.Recipes;

/// <summary>What training makes small.</summary>
public enum LossKind
{
    /// <summary>The cross-entropy against the alignment, a frame.</summary>
    CrossEntropy,
}

/// <summary>How the model is trained.</summary>
public sealed record TrainRecipe
{
    /// <summary>What training makes small. The default is cross-entropy.</summary>
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    /// <summary>What goes into one minibatch.</summary>
    public BatchRecipe Batch { get; init; } = new();

    /// <summary>
    /// The frames by which the input lies later than the target, so that a layer that remembers has seen as much of what comes;
    /// the last frame is repeated at the end of an utterance. The default is 0.
    /// </summary>
    public int TargetDelay { get; init; }

    /// <summary>How a gradient changes the parameters. The default is <see cref="SgdRecipe"/>.</summary>
    public OptimiserRecipe Optimiser { get; init; } = new SgdRecipe();

    /// <summary>How the learning rate falls and when training ends. The default is <see cref="NewbobRecipe"/>.</summary>
    public ScheduleRecipe Schedule { get; init; } = new NewbobRecipe();

    /// <summary>
    /// <c>auto</c> (CUDA when there is one), <c>cpu</c>, <c>cuda</c> or <c>cuda:&lt;index&gt;</c>. The default is <c>auto</c>.
    /// </summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of the CPU; 0, the default, is one for each core.</summary>
    public int Threads { get; init; }

    /// <summary>When the state of training is saved.</summary>
    public CheckpointRecipe Checkpoint { get; init; } = new();

    /// <summary>
    /// The largest share of a set's utterances, from 0 to 1, that may be dropped (no alignment, lengths that differ, broken
    /// audio) before the run is refused. The default is 0.1.
    /// </summary>
    public double MaxDropped { get; init; } = 0.1;

    /// <summary>
    /// The number of frames by which alignment and features may differ; the longer one is cut. The default, Kaldi's, is 5:
    /// a difference of 5 or more drops the utterance.
    /// </summary>
    public int LengthTolerance { get; init; } = 5;
}

/// <summary>When the state of training is saved, besides the end of each epoch.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Minutes between two checkpoints within an epoch; 0 for none. The default is 10.</summary>
    public double Minutes { get; init; } = 10;

    /// <summary>How many of the latest checkpoints stay on the disk. The default is 2.</summary>
    public int Keep { get; init; } = 2;
}
