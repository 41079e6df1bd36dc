using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>Deals the frames of a corpus into the batches of an epoch, each frame that takes part exactly once.</summary>
/// <remarks>The batches are a pure function of the corpus, the seed and the epoch, so a run resumes at any of them.</remarks>
public interface IBatchDealer
{
    /// <summary>Gets the frames of the table, those that take no part included.</summary>
    int TableFrames { get; }

    /// <summary>Gets the batches that this epoch has dealt so far.</summary>
    int Position { get; }

    /// <summary>Begins an epoch, or goes back to a place in it.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="position">The number of its batches that are done already.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch has fewer batches.</exception>
    void Start(int epoch, int position = 0);

    /// <summary>Deals the next batch.</summary>
    /// <param name="batch">The batch; valid until the next call.</param>
    /// <returns>False when the epoch is over.</returns>
    bool TryNext(out FrameBatch batch);
}

/// <summary>A dealer of batches that do not depend on each other, so that they can go to different workers.</summary>
public interface IIndependentBatches : IBatchDealer
{
    /// <summary>Gets the frames of each batch of the epoch that was started, in order; all at least 1.</summary>
    IReadOnlyList<int> BatchSizes { get; }
}

/// <summary>A batch: frames of a table, with their layout where a network is over sequences.</summary>
/// <param name="rows">The row of each frame in the table; where there is a layout, in its order.</param>
/// <param name="sequences">The layout, or null for frames that have nothing to do with each other.</param>
/// <param name="context">The frames that only let others see them, and count nowhere; empty when all count.</param>
public readonly ref struct FrameBatch(ReadOnlySpan<int> rows, SequenceLayout? sequences = null, ReadOnlySpan<bool> context = default)
{
    /// <summary>Gets the row of each frame in the table.</summary>
    public ReadOnlySpan<int> Rows { get; } = rows;

    /// <summary>Gets the layout of the sequences, or null for single frames.</summary>
    public SequenceLayout? Sequences { get; } = sequences;

    /// <summary>Gets for each frame whether it only lets others see it, and counts nowhere; empty when all count.</summary>
    public ReadOnlySpan<bool> Context { get; } = context;
}
