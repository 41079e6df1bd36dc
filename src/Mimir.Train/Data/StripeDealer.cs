namespace Mimir.Train.Data;

/// <summary>Deals every N-th batch of another dealer, so that N workers together have them all.</summary>
/// <param name="whole">Deals the batches, the same on every worker.</param>
/// <param name="rank">This worker, from 0: it has batches rank, rank + N, ….</param>
/// <param name="workers">The number of workers, at least 1.</param>
public sealed class StripeDealer(IBatchDealer whole, int rank, int workers) : IBatchDealer
{
    /// <inheritdoc/>
    public int TableFrames => whole.TableFrames;

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        whole.Start(epoch);
        Position = 0;
        while (Position < position)
        {
            if (!TryNext(out _))
                throw new ArgumentOutOfRangeException(nameof(position), position, $"Epoch {epoch} has {Position} batches.");
        }
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        batch = default;
        var next = rank + (Position * workers);
        while (whole.Position <= next)
        {
            if (!whole.TryNext(out batch))
                return false;
        }

        Position++;
        return true;
    }
}
