namespace Mimir.Train.Data.Streaming;

/// <summary>Deals batches, and tells a ring the frames of those that come later.</summary>
/// <param name="dealer">Deals the batches.</param>
/// <param name="scout">Deals the same batches, some ahead; null where they are not known, as they are leased.</param>
/// <param name="ring">Keeps the frames.</param>
/// <param name="time">Measures epochs.</param>
/// <param name="say">Receives a line about the waits of an epoch.</param>
internal sealed class ScoutedDealer(
    IBatchDealer dealer, IBatchDealer? scout, FrameRing ring, TimeProvider time, Action<string> say) : IBatchDealer
{
    private bool _scoutIsDone;
    private long _began;
    private TimeSpan _waited;

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
        (_began, _waited) = (time.GetTimestamp(), ring.Waited);
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

        if (dealer.TryNext(out batch))
            return true;

        var share = 100 * (ring.Waited - _waited) / time.GetElapsedTime(_began);
        say(FormattableString.Invariant($"streaming: {share:0.0}% of the epoch's time was spent waiting for frames"));
        return false;
    }
}
