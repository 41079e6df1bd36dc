using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>A batch: frames of a table, and how they follow each other where a network looks along time.</summary>
/// <param name="rows">The row of each frame in the table; where there is a layout, in its order.</param>
/// <param name="sequences">The layout, or null for frames that have nothing to do with each other.</param>
/// <param name="context">The frames that only let others see them, and count nowhere; empty when all count.</param>
public readonly ref struct FrameBatch(ReadOnlySpan<int> rows, SequenceLayout? sequences = null, ReadOnlySpan<bool> context = default)
{
    /// <summary>Gets the row of each frame in the table.</summary>
    public ReadOnlySpan<int> Rows { get; } = rows;

    /// <summary>Gets how the frames follow each other, or null where they do not.</summary>
    public SequenceLayout? Sequences { get; } = sequences;

    /// <summary>Gets for each frame whether it only lets others see it, and counts nowhere; empty when all count.</summary>
    public ReadOnlySpan<bool> Context { get; } = context;
}
