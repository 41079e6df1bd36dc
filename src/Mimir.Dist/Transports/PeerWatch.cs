namespace Mimir.Dist.Transports;

/// <summary>Tells from the times of the last signs of life which workers stand still. A state machine without a thread.</summary>
/// <param name="worldSize">The number of workers.</param>
/// <param name="silence">How long a worker may give no sign.</param>
/// <param name="time">The clock.</param>
internal sealed class PeerWatch(int worldSize, TimeSpan silence, TimeProvider time)
{
    private readonly long[] _heard = [.. Enumerable.Repeat(time.GetTimestamp(), worldSize)];
    private long _looked = time.GetTimestamp();

    /// <summary>Notes a sign of life.</summary>
    public void Heard(int peer) => Volatile.Write(ref _heard[peer], time.GetTimestamp());

    /// <summary>How long some workers have been silent, when it is too long. To be called every second or so.</summary>
    /// <param name="watched">Who is connected.</param>
    public List<(int Peer, TimeSpan Silence)> Look(IEnumerable<int> watched)
    {
        var asleep = time.GetElapsedTime(_looked);
        _looked = time.GetTimestamp();

        // Who has been stopped itself knows nothing of the others; their signs of life lie unread.
        if (asleep > silence / 2)
        {
            for (var peer = 0; peer < _heard.Length; peer++)
                Heard(peer);
        }

        List<(int Peer, TimeSpan Silence)> silent = [];
        foreach (var peer in watched)
        {
            var since = time.GetElapsedTime(Volatile.Read(ref _heard[peer]));
            if (since > silence)
                silent.Add((peer, since));
        }

        return silent;
    }
}
