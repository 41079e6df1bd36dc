using System.Globalization;
using Mimir.Dist.Data;
using Mimir.Train.Data;

namespace Mimir.Train.Distribution;

/// <summary>Deals the batches of another dealer that this worker has leased; an item of the epoch is a batch.</summary>
/// <param name="whole">Deals the batches of all, the same on every worker.</param>
/// <param name="leases">Leases them.</param>
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
    /// <remarks>Where a run goes on within an epoch, the leases of its checkpoint say what is left.</remarks>
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
