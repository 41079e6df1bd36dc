using System.Collections.Concurrent;

namespace Mimir.Dist.Transports;

/// <summary>Joins workers that are threads of one process: several devices of one machine, and tests.</summary>
public sealed class InProcessTransport : ITransport
{
    private readonly Exchange _exchange;

    private InProcessTransport(Exchange exchange, int rank)
    {
        _exchange = exchange;
        Rank = rank;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int WorldSize => _exchange.WorldSize;

    /// <summary>Creates the transports of all workers of one job.</summary>
    /// <param name="worldSize">The number of workers, at least 1.</param>
    /// <param name="timeout">How long a receiver waits before it gives up on its peer.</param>
    /// <returns>One transport a worker, by rank.</returns>
    public static IReadOnlyList<InProcessTransport> Create(int worldSize, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        var exchange = new Exchange(worldSize, timeout);
        return [.. Enumerable.Range(0, worldSize).Select(rank => new InProcessTransport(exchange, rank))];
    }

    /// <inheritdoc/>
    public void Send(int peer, int tag, ReadOnlySpan<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
        _exchange.Box(Rank, peer, tag).Add(message.ToArray());
    }

    /// <inheritdoc/>
    public void Receive(int peer, int tag, Span<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
        if (!_exchange.Box(peer, Rank, tag).TryTake(out var received, _exchange.Timeout))
            throw new TimeoutException($"worker {Rank} heard nothing from worker {peer} for {_exchange.Timeout.TotalSeconds:0.#} s");

        if (received.Length != message.Length)
            throw new InvalidDataException($"worker {peer} sent {received.Length} bytes, worker {Rank} expects {message.Length}");

        received.CopyTo(message);
    }

    private sealed class Exchange(int worldSize, TimeSpan timeout)
    {
        private readonly ConcurrentDictionary<(int From, int To, int Tag), BlockingCollection<byte[]>> _boxes = new();

        internal int WorldSize { get; } = worldSize;

        internal TimeSpan Timeout { get; } = timeout;

        internal BlockingCollection<byte[]> Box(int from, int to, int tag) => _boxes.GetOrAdd((from, to, tag), static _ => []);
    }
}
