using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Support;

/// <summary>Disturbs the timing of another transport.</summary>
internal sealed class DelayedTransport(ITransport inner, int seed) : ITransport
{
    private readonly Random _random = new(seed);

    public int Rank => inner.Rank;

    public int WorldSize => inner.WorldSize;

    public TimeSpan Timeout => inner.Timeout;

    public IReadOnlyList<int> Returned => inner.Returned;

    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        Delay();
        inner.Send(peer, tag, message);
    }

    public void Receive(int peer, Tag tag, Span<byte> message, WorkerGroup? watched = null)
    {
        Delay();
        inner.Receive(peer, tag, message, watched);
    }

    public byte[] ReceiveMessage(int peer, Tag tag, int maximum, WorkerGroup? watched = null)
    {
        Delay();
        return inner.ReceiveMessage(peer, tag, maximum, watched);
    }

    public ReceivedMessage? ReceiveAny(Tag tag, TimeSpan wait) => inner.ReceiveAny(tag, wait);

    public string? LossOf(int peer) => inner.LossOf(peer);

    public void Check(int peer, WorkerGroup? watched = null) => inner.Check(peer, watched);

    public bool Readmit(int peer) => inner.Readmit(peer);

    public void DiscardBefore(int generation) => inner.DiscardBefore(generation);

    public void Dispose() => inner.Dispose();

    private void Delay()
    {
        if (_random.Next(4) == 0)
            Thread.Sleep(_random.Next(3));
    }
}
