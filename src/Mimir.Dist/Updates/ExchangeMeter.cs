namespace Mimir.Dist.Updates;

/// <summary>Counts exchanges and their time; the training loop and a thread beside it may both count.</summary>
internal sealed class ExchangeMeter(TimeProvider time)
{
    private long _bytes;
    private long _waiting;
    private long _exchanging;

    public long Steps { get; set; }

    public long Blocks { get; set; }

    /// <summary>Measures an exchange until it is disposed of.</summary>
    /// <param name="elements">The floats of the vector that goes into it.</param>
    /// <param name="waits">Whether the training loop stands still for it.</param>
    public Measured Exchange(long elements, bool waits) => ExchangeBytes(elements * sizeof(float), waits);

    /// <summary>Measures an exchange of another form until it is disposed of.</summary>
    /// <param name="bytes">What goes into it.</param>
    /// <param name="waits">Whether the training loop stands still for it.</param>
    public Measured ExchangeBytes(long bytes, bool waits)
    {
        Interlocked.Add(ref _bytes, bytes);
        return new(this, time.GetTimestamp(), exchanges: true, waits);
    }

    /// <summary>Measures how long the training loop stands still, until it is disposed of.</summary>
    public Measured Wait() => new(this, time.GetTimestamp(), exchanges: false, waits: true);

    public UpdateStatistics Read(IReadOnlyList<long>? staleness = null) => new()
    {
        Steps = Steps,
        Blocks = Blocks,
        Bytes = Interlocked.Read(ref _bytes),
        Waiting = new(Interlocked.Read(ref _waiting)),
        Exchanging = new(Interlocked.Read(ref _exchanging)),
        Staleness = staleness ?? [],
    };

    internal readonly struct Measured(ExchangeMeter meter, long start, bool exchanges, bool waits) : IDisposable
    {
        public void Dispose() => meter.End(start, exchanges, waits);
    }

    private void End(long start, bool exchanges, bool waits)
    {
        var ticks = time.GetElapsedTime(start).Ticks;
        if (exchanges)
            Interlocked.Add(ref _exchanging, ticks);
        if (waits)
            Interlocked.Add(ref _waiting, ticks);
    }
}
