using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>Deals one worker's share of every batch of another dealer, so that the workers together have the whole batch.</summary>
/// <remarks>
/// Single frames are cut into parts of like size; of sequences a worker has every N-th, and of streams, whose state must
/// stay where it is, those whose number leaves its rank as the remainder by N. A share may be empty where a batch has fewer
/// sequences than there are workers: the worker still takes part in the step, with nothing. Positions count whole batches,
/// so they mean the same for any number of workers.
/// </remarks>
public sealed class ShareDealer : IBatchDealer
{
    private readonly IBatchDealer _whole;
    private readonly Func<(int Place, int Workers)> _places;
    private int _rank;
    private int _workers;

    /// <summary>Shares a dealer's batches.</summary>
    /// <param name="whole">Deals the batches, the same on every worker.</param>
    /// <param name="rank">This worker, from 0.</param>
    /// <param name="workers">The number of workers, at least 1.</param>
    public ShareDealer(IBatchDealer whole, int rank, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rank, (uint)workers, nameof(rank));
        (_whole, _places, _rank, _workers) = (whole, () => (rank, workers), rank, workers);
    }

    /// <summary>Shares a dealer's batches among workers that may become others between epochs.</summary>
    /// <param name="whole">Deals the batches, the same on every worker.</param>
    /// <param name="places">This worker's place, from 0, and the number of workers; asked at every start.</param>
    public ShareDealer(IBatchDealer whole, Func<(int Place, int Workers)> places)
    {
        (_whole, _places) = (whole, places);
        (_rank, _workers) = places();
    }

    /// <inheritdoc/>
    public int TableFrames => _whole.TableFrames;

    /// <inheritdoc/>
    public int Position => _whole.Position;

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        (_rank, _workers) = _places();
        _whole.Start(epoch, position);
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        if (!_whole.TryNext(out batch))
            return false;

        batch = batch.Sequences is { } layout ? ShareOf(batch, layout) : ShareOf(batch);
        return true;
    }

    /// <summary>The number of a worker's streams among those of all.</summary>
    /// <param name="streams">The streams of all workers.</param>
    /// <param name="rank">The worker.</param>
    /// <param name="workers">The number of workers.</param>
    public static int StreamsOf(int streams, int rank, int workers) => (streams - rank + workers - 1) / workers;

    private FrameBatch ShareOf(FrameBatch whole)
    {
        var begin = (int)((long)whole.Rows.Length * _rank / _workers);
        var end = (int)((long)whole.Rows.Length * (_rank + 1) / _workers);
        return new(whole.Rows[begin..end], null, whole.Context.IsEmpty ? [] : whole.Context[begin..end]);
    }

    private FrameBatch ShareOf(FrameBatch whole, SequenceLayout layout)
    {
        List<int> own = [];
        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var number = layout.Streams.IsEmpty ? sequence : layout.Streams[sequence];
            if (number % _workers == _rank)
                own.Add(sequence);
        }

        return SequenceShare.Of(whole, layout, own, stream => stream / _workers);
    }
}
