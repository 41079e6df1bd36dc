using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Support;

/// <summary>Disturbs the timing of another transport.</summary>
internal sealed class DelayedTransport(ITransport inner, int seed) : ITransport
{
    private readonly Random _random = new(seed);

    public int Rank => inner.Rank;

    public int WorldSize => inner.WorldSize;

    public TimeSpan Timeout => inner.Timeout;

    public IReadOnlyList<int> Rejoining => inner.Rejoining;

    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        Delay();
        inner.Send(peer, tag, message);
    }

    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null)
    {
        Delay();
        return inner.Take(peer, tag, watched);
    }

    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => inner.TakeAny(tag, wait);

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
