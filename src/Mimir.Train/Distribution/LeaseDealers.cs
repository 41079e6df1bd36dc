using System.Globalization;
using Mimir.Dist.Data;
using Mimir.Train.Data;

namespace Mimir.Train.Distribution;

/// <summary>Deals the leased batches of another dealer; an item of the epoch is a batch.</summary>
/// <param name="whole">Deals the batches of all, the same on every worker.</param>
/// <param name="leases">This worker's leases.</param>
internal sealed class BatchLeaseDealer(IIndependentBatches whole, EpochLeases leases) : IBatchDealer
{
    private int _epoch;

    /// <inheritdoc/>
    public int TableFrames => whole.TableFrames;

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <summary>The items of the epoch that a dealer has started.</summary>
    public static EpochItems ItemsOf(IIndependentBatches whole, int epoch) => new(
        epoch, [.. whole.BatchSizes.Select((frames, batch) => new DataItem(batch.ToString(CultureInfo.InvariantCulture), frames))]);

    /// <inheritdoc/>
    /// <remarks>Where a run continues within an epoch, the leases of its checkpoint hold what is left.</remarks>
    public void Start(int epoch, int position = 0)
    {
        whole.Start(epoch);
        (_epoch, Position) = (epoch, position);
        leases.Begin(ItemsOf(whole, epoch));
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        batch = default;
        leases.CompleteOpen();
        if (!leases.TryNext(out var item))
            return false;

        // Leases come in rising order, but for those of a lost worker.
        if (whole.Position > item)
            whole.Start(_epoch, item);
        while (whole.Position <= item)
            whole.TryNext(out batch);

        leases.Open(item, batch.Rows.Length);
        Position++;
        return true;
    }
}

/// <summary>Deals chunks of the leased utterances, through streams of this worker.</summary>
/// <param name="streams">Deals utterances to streams.</param>
/// <param name="utterances">The ids, in the order of the frame table.</param>
/// <param name="lengths">Their frames.</param>
/// <param name="leases">This worker's leases.</param>
/// <param name="setAside">The reason why an utterance is set aside, or null.</param>
internal sealed class ChunkLeaseDealer(
    ChunkDealer streams, IReadOnlyList<string> utterances, int[] lengths, EpochLeases leases, Func<int, string?> setAside) : IBatchDealer
{
    private readonly int[] _firstRows = UtteranceOrder.FirstRows(lengths);
    private int[] _order = [];
    private int[] _places = [];

    /// <inheritdoc/>
    public int TableFrames => streams.TableFrames;

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Where a run continues within an epoch, the leases of its checkpoint hold what is left.</remarks>
    public void Start(int epoch, int position = 0)
    {
        _order = streams.OrderOf(epoch);
        _places = new int[lengths.Length];
        for (var place = 0; place < _order.Length; place++)
            _places[_order[place]] = place;

        streams.StartOn([]);
        Position = position;
        leases.Begin(new EpochItems(epoch, [.. _order.Select(utterance => new DataItem(utterances[utterance], lengths[utterance]))]));
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        leases.CompleteOpen();
        while (!streams.TryNext(out batch))
        {
            if (!leases.TryLease(out var lease))
                return false;

            streams.StartOn([.. lease.Items.Select(item => _order[item])]);
        }

        OpenWhatEnds(batch);
        Position++;
        return true;
    }

    // An utterance is done with the batch that has its last frame.
    private void OpenWhatEnds(FrameBatch batch)
    {
        if (batch.Sequences is not { } layout)
            return;

        for (var sequence = 0; sequence < layout.Sequences; sequence++)
        {
            var last = batch.Rows[layout.RowOf(sequence, layout.Lengths[sequence] - 1)];
            var utterance = Array.BinarySearch(_firstRows, last + 1) is >= 0 and var behind ? behind - 1 : -1;

            // Utterances without frames begin where the one before them ends.
            while (utterance >= 0 && lengths[utterance] == 0)
                utterance--;
            if (utterance >= 0)
                leases.Open(_places[utterance], lengths[utterance], () => setAside(utterance));
        }
    }
}
