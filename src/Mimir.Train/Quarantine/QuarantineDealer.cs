using Mimir.Train.Data;

namespace Mimir.Train.Quarantine;

/// <summary>Deals another dealer's batches without the utterances that are set aside; batches of nothing else are passed over.</summary>
/// <param name="whole">Deals the batches.</param>
/// <param name="list">The utterances that are set aside.</param>
internal sealed class QuarantineDealer(IBatchDealer whole, QuarantineList list) : IBatchDealer
{
    /// <inheritdoc/>
    public int TableFrames => whole.TableFrames;

    /// <inheritdoc/>
    /// <remarks>Batches that were passed over count.</remarks>
    public int Position => whole.Position;

    /// <summary>Gets the frames that were left out since the last start.</summary>
    public long LeftOut { get; private set; }

    /// <summary>A dealer without what a list sets aside; the dealer itself where there is no list.</summary>
    /// <param name="whole">Deals the batches.</param>
    /// <param name="list">The list, or null.</param>
    public static IBatchDealer Of(IBatchDealer whole, QuarantineList? list) => list is null ? whole : new QuarantineDealer(whole, list);

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        whole.Start(epoch, position);
        LeftOut = 0;
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        while (whole.TryNext(out batch))
        {
            var left = list.Filter(batch);
            LeftOut += batch.Rows.Length - left.Rows.Length;
            batch = left;
            if (!left.Rows.IsEmpty)
                return true;
        }

        return false;
    }
}
