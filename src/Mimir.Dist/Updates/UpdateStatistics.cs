namespace Mimir.Dist.Updates;

/// <summary>The exchanges of a mode since it was created; for the log.</summary>
public sealed record UpdateStatistics
{
    /// <summary>Gets the steps with summed gradients.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the blocks done: averages, block updates, or pushes.</summary>
    public long Blocks { get; init; }

    /// <summary>Gets the bytes of vectors that this worker gave into exchanges; what a ring sends is up to twice as much.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the time in which the training loop waited for the others.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>Gets the time of exchanges, those beside the backward pass included.</summary>
    public TimeSpan Exchanging { get; init; }

    /// <summary>
    /// Gets the pushes by staleness, on the worker with the parameter server: element s counts those that s others overtook.
    /// </summary>
    public IReadOnlyList<long> Staleness { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"{Steps} steps, {Blocks} blocks, {Bytes / 1e6:0.0} MB, waited {Waiting.TotalSeconds:0.00} s of "
            + $"{Exchanging.TotalSeconds:0.00} s of exchanges";
        return Staleness.Count == 0 ? text : $"{text}, staleness {string.Join(' ', Staleness)}";
    }
}

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
    /// <param name="waits">True when the training loop waits for it.</param>
    public Measured Exchange(long elements, bool waits) => ExchangeBytes(elements * sizeof(float), waits);

    /// <summary>Measures an exchange of another form until it is disposed of.</summary>
    /// <param name="bytes">The bytes that go into it.</param>
    /// <param name="waits">True when the training loop waits for it.</param>
    public Measured ExchangeBytes(long bytes, bool waits)
    {
        Interlocked.Add(ref _bytes, bytes);
        return new(this, time.GetTimestamp(), exchanges: true, waits);
    }

    /// <summary>Measures a wait of the training loop until it is disposed of.</summary>
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
