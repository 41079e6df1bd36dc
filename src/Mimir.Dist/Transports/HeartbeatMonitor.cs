namespace Mimir.Dist.Transports;

/// <summary>Finds workers that hang by the times of their last heartbeats. A state machine without a thread.</summary>
/// <param name="worldSize">The number of workers.</param>
/// <param name="silence">The longest time without a heartbeat.</param>
/// <param name="time">The clock.</param>
internal sealed class HeartbeatMonitor(int worldSize, TimeSpan silence, TimeProvider time)
{
    private readonly long[] _heard = [.. Enumerable.Repeat(time.GetTimestamp(), worldSize)];
    private long _checked = time.GetTimestamp();

    /// <summary>Records a heartbeat.</summary>
    public void Record(int peer) => Volatile.Write(ref _heard[peer], time.GetTimestamp());

    /// <summary>The workers that have been silent for too long, with that time. To be called about every second.</summary>
    /// <param name="watched">The connected workers.</param>
    public List<(int Peer, TimeSpan Silence)> FindSilent(IEnumerable<int> watched)
    {
        var asleep = time.GetElapsedTime(_checked);
        _checked = time.GetTimestamp();

        // When this process itself was stopped, the others' heartbeats lie unread.
        if (asleep > silence / 2)
        {
            for (var peer = 0; peer < _heard.Length; peer++)
                Record(peer);
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
