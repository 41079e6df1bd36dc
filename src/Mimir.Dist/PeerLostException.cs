namespace Mimir.Dist;

/// <summary>Another worker of the job is gone: its process ended, its machine is out of reach, or it stands still.</summary>
/// <param name="peer">The lost worker's rank.</param>
/// <param name="reason">What was seen of it, for the user.</param>
/// <param name="inner">What the system said, or null.</param>
public sealed class PeerLostException(int peer, string reason, Exception? inner = null)
    : IOException($"worker {peer} is lost: {reason}", inner)
{
    /// <summary>Gets the lost worker's rank.</summary>
    public int Peer { get; } = peer;

    /// <summary>Gets what was seen of it.</summary>
    public string Reason { get; } = reason;
}
