using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Updates;

/// <summary>A transport whose answers, on the last of a mode's channels, never reach one worker.</summary>
internal sealed class MuteTransport(ITransport inner, int deaf) : ITransport
{
    private static readonly Tag Answers = Tag.Of(WorkerGroup.All(1), 34);

    public int Rank => inner.Rank;

    public int WorldSize => inner.WorldSize;

    public TimeSpan Timeout => inner.Timeout;

    public IReadOnlyList<int> Rejoining => inner.Rejoining;

    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        if (peer != deaf || tag != Answers)
            inner.Send(peer, tag, message);
    }

    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null) => inner.Take(peer, tag, watched);

    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => inner.TakeAny(tag, wait);

    public string? LossOf(int peer) => inner.LossOf(peer);

    public void Check(int peer, WorkerGroup? watched = null) => inner.Check(peer, watched);

    public bool Readmit(int peer) => inner.Readmit(peer);

    public void DiscardBefore(int generation) => inner.DiscardBefore(generation);

    public void Dispose() => inner.Dispose();
}
