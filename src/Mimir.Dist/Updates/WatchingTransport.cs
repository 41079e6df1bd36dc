using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>Another transport, whose waits end when any worker of a formation is lost, whoever takes part in a conversation.</summary>
/// <remarks>So the loss of a worker is known at once on machines that it does not talk to, too.</remarks>
internal sealed class WatchingTransport(ITransport inner, WorkerGroup all) : ITransport
{
    public int Rank => inner.Rank;

    public int WorldSize => inner.WorldSize;

    public TimeSpan Timeout => inner.Timeout;

    public IReadOnlyList<int> Returned => inner.Returned;

    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message) => inner.Send(peer, tag, message);

    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null) => inner.Take(peer, tag, all);

    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => inner.TakeAny(tag, wait);

    public string? LossOf(int peer) => inner.LossOf(peer);

    public void Check(int peer, WorkerGroup? watched = null) => inner.Check(peer, all);

    public bool Readmit(int peer) => inner.Readmit(peer);

    public void DiscardBefore(int generation) => inner.DiscardBefore(generation);

    public void Dispose()
    {
        // The transport is the caller's.
    }
}
