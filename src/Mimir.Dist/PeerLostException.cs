namespace Mimir.Dist;

/// <summary>The error when another worker of the job is gone: its process ended, its machine is out of reach, or it hangs.</summary>
/// <param name="peer">The lost worker's rank.</param>
/// <param name="reason">The reason, for the user.</param>
/// <param name="inner">The system's error, or null.</param>
public sealed class PeerLostException(int peer, string reason, Exception? inner = null)
    : IOException($"worker {peer} is lost: {reason}", inner)
{
    /// <summary>Gets the lost worker's rank.</summary>
    public int Peer { get; } = peer;

    /// <summary>Gets the reason.</summary>
    public string Reason { get; } = reason;
}
