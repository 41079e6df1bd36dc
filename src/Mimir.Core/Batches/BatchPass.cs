namespace Mimir.Core.Batches;

/// <summary>The purpose of a forward pass.</summary>
public enum PassMode
{
    /// <summary>Dropout is active, normalisation uses the statistics of the batch, and a backward pass may follow.</summary>
    Train,

    /// <summary>The network computes as a finished model does.</summary>
    Evaluate,
}

/// <summary>One pass over a batch, the same for all blocks of a graph but for <see cref="Key"/>.</summary>
internal readonly ref struct BatchPass
{
    /// <summary>Gets the purpose of the pass.</summary>
    public required PassMode Mode { get; init; }

    /// <summary>Gets the frames from which the batch is gathered.</summary>
    public required FrameTable Table { get; init; }

    /// <summary>Gets the row of <see cref="Table"/> of each frame of the batch.</summary>
    public required ReadOnlySpan<int> Rows { get; init; }

    /// <summary>Gets the order of the rows in time, or null when each frame stands alone.</summary>
    public SequenceLayout? Sequences { get; init; }

    /// <summary>Gets <see cref="Sequences"/> for a block that cannot do without.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public SequenceLayout RequiredSequences => Sequences
        ?? throw new InvalidOperationException("The block needs the order of the rows in time, and the pass has none.");

    /// <summary>Gets the random key of this block in this step: a function of seed, step and node.</summary>
    public ulong Key { get; init; }

    /// <summary>Gets the learning rate of a backward pass that also takes the step, or null for one that leaves gradients.</summary>
    public double? StepRate { get; init; }

    /// <summary>True when the gradients of <see cref="Blocks.Block.Factored"/> are made from their factors, not by the block.</summary>
    public bool LeavesFactored { get; init; }

    /// <summary>Gets the factor of the old values where a gradient is written: 0 overwrites a gradient, 1 adds to a weight.</summary>
    public double TargetScale => StepRate is null ? 0 : 1;

    /// <summary>The factor of a gradient where it is written: 1, or in a fused step the negative learning rate.</summary>
    /// <param name="learnRateCoef">The factor on the learning rate of the parameter.</param>
    public double GradientScale(float learnRateCoef) => StepRate is { } rate ? -rate * learnRateCoef : 1;
}
