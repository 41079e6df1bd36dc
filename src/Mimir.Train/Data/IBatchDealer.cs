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
    /// <param name="position">How many of its batches are done already.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch has fewer batches.</exception>
    void Start(int epoch, int position = 0);

    /// <summary>Deals the next batch.</summary>
    /// <param name="batch">The batch; valid until the next call.</param>
    /// <returns>False when the epoch is over.</returns>
    bool TryNext(out FrameBatch batch);
}
