namespace Mimir.Train.Data.Streaming;

/// <summary>Deals batches, and tells a ring the frames of those that come later.</summary>
/// <param name="dealer">Deals the batches.</param>
/// <param name="scout">Deals the same batches, some ahead; null where they are not known, as they are leased.</param>
/// <param name="ring">Keeps the frames.</param>
internal sealed class ScoutedDealer(IBatchDealer dealer, IBatchDealer? scout, FrameRing ring) : IBatchDealer
{
    private bool _scoutIsDone;

    /// <inheritdoc/>
    public int TableFrames => dealer.TableFrames;

    /// <inheritdoc/>
    public int Position => dealer.Position;

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        ring.Begin(epoch);
        dealer.Start(epoch, position);
        scout?.Start(epoch, position);
        _scoutIsDone = scout is null;
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        while (!_scoutIsDone && ring.HasRoom)
        {
            if (scout?.TryNext(out var later) == true)
                ring.Expect(later.Rows);
            else
                _scoutIsDone = true;
        }

        return dealer.TryNext(out batch);
    }
}
