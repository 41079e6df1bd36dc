namespace Mimir.Dist.Transports;

/// <summary>Joins workers that are threads of one process: several devices of one machine, and tests.</summary>
public sealed class InProcessTransport : ITransport
{
    private readonly Exchange _exchange;
    private readonly Mailbox _mailbox;
    private bool _left;

    private InProcessTransport(Exchange exchange, int rank)
    {
        _exchange = exchange;
        _mailbox = new(rank, exchange.WorldSize, exchange.Timeout, exchange.Time);
        Rank = rank;
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int WorldSize => _exchange.WorldSize;

    /// <inheritdoc/>
    public TimeSpan Timeout => _exchange.Timeout;

    /// <inheritdoc/>
    public IReadOnlyList<int> Rejoining => _mailbox.Rejoining;

    /// <summary>Creates the transports of all workers of one job.</summary>
    /// <param name="worldSize">The number of workers, at least 1.</param>
    /// <param name="timeout">The longest wait of a receiver.</param>
    /// <param name="time">The clock of the waits; null: the system's.</param>
    /// <returns>One transport a worker, by rank.</returns>
    public static IReadOnlyList<InProcessTransport> Create(int worldSize, TimeSpan timeout, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        var exchange = new Exchange(worldSize, timeout, time ?? TimeProvider.System);
        for (var rank = 0; rank < worldSize; rank++)
            exchange.Members[rank] = new(exchange, rank);

        return [.. exchange.Members];
    }

    /// <summary>Replaces a worker after its transport was disposed of or failed, as when its process is started again.</summary>
    /// <returns>Its new transport; the others see it in <see cref="Rejoining"/>.</returns>
    /// <exception cref="InvalidOperationException">It is still there.</exception>
    public InProcessTransport Restart()
    {
        if (!_left)
            throw new InvalidOperationException($"worker {Rank} is still there");

        var fresh = new InProcessTransport(_exchange, Rank);
        foreach (var other in _exchange.Members.Where(other => other.Rank != Rank))
        {
            if (other._left)
                fresh._mailbox.Lose(other.Rank, "it left", inGoodOrder: true);
            else
            {
                other._mailbox.Return(Rank);
                other._mailbox.Ready(Rank);
            }
        }

        return _exchange.Members[Rank] = fresh;
    }

    /// <inheritdoc/>
    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
        ObjectDisposedException.ThrowIf(_left, this);
        _mailbox.ThrowIfLost(peer);
        _exchange.Members[peer]._mailbox.Deliver(tag, ReceivedMessage.Copy(Rank, message));
    }

    /// <inheritdoc/>
    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)peer, (uint)WorldSize, nameof(peer));
        ObjectDisposedException.ThrowIf(_left, this);
        return _mailbox.Take(peer, tag, watched);
    }

    /// <inheritdoc/>
    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => _mailbox.TakeAny(tag, wait);

    /// <inheritdoc/>
    public string? LossOf(int peer) => _mailbox.LossOf(peer);

    /// <inheritdoc/>
    public void Check(int peer, WorkerGroup? watched = null) => _mailbox.Check(peer, watched);

    /// <inheritdoc/>
    public bool Readmit(int peer) => _mailbox.Readmit(peer);

    /// <inheritdoc/>
    public void DiscardBefore(int generation) => _mailbox.DiscardBefore(generation);

    /// <summary>Ends this worker as if its process had died.</summary>
    public void Fail() => Leave("it failed", inGoodOrder: false);

    /// <summary>Leaves the job.</summary>
    public void Dispose() => Leave("it left", inGoodOrder: true);

    private void Leave(string reason, bool inGoodOrder)
    {
        if (_left)
            return;

        _left = true;
        foreach (var other in _exchange.Members.Where(other => other.Rank != Rank && !other._left))
            other._mailbox.Lose(Rank, reason, inGoodOrder);
    }

    private sealed class Exchange(int worldSize, TimeSpan timeout, TimeProvider time)
    {
        internal int WorldSize => Members.Length;

        internal TimeSpan Timeout { get; } = timeout;

        internal TimeProvider Time { get; } = time;

        internal InProcessTransport[] Members { get; } = new InProcessTransport[worldSize];
    }
}
