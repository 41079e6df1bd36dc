using Mimir.Core.Graph;

namespace Mimir.Core.Blocks;

/// <summary>What one pass over a batch is about, the same for all blocks.</summary>
internal readonly ref struct BlockPass
{
    /// <summary>Gets whether the pass trains or evaluates.</summary>
    public required PassMode Mode { get; init; }

    /// <summary>Gets the frames that the batch is taken from.</summary>
    public required FrameTable Table { get; init; }

    /// <summary>Gets the row of each frame of the batch in the table.</summary>
    public required ReadOnlySpan<int> Rows { get; init; }

    /// <summary>Gets how the rows follow each other in time, or null when each stands alone.</summary>
    public SequenceLayout? Sequences { get; init; }

    /// <summary>Gets <see cref="Sequences"/> for a block that cannot do without.</summary>
    public SequenceLayout NeededSequences => Sequences
        ?? throw new InvalidOperationException("A recurrent block needs to know how the rows follow each other in time.");

    /// <summary>Gets a number that depends on seed, step and node: chance for this block in this step.</summary>
    public ulong Key { get; init; }

    /// <summary>Gets the learning rate when the backward pass shall also step, else null.</summary>
    public double? StepRate { get; init; }
}
