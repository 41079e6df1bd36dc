namespace Mimir.Dist.Data;

/// <summary>Measures the time in which training waited for data. Any thread may call.</summary>
/// <param name="time">The clock.</param>
public sealed class StallMeter(TimeProvider time)
{
    private readonly object _gate = new();
    private long _start = time.GetTimestamp();
    private TimeSpan _stalled;

    /// <summary>Gets the time of waits since the start or the last <see cref="Restart"/>.</summary>
    public TimeSpan Stalled
    {
        get
        {
            lock (_gate)
                return _stalled;
        }
    }

    /// <summary>Gets the wait as a share of the time that has passed, in per cent.</summary>
    public double Percent
    {
        get
        {
            lock (_gate)
            {
                var elapsed = time.GetElapsedTime(_start);
                return elapsed <= TimeSpan.Zero ? 0 : Math.Min(100, 100 * (_stalled / elapsed));
            }
        }
    }

    /// <summary>Begins a wait, which lasts until the result is disposed of.</summary>
    public IDisposable Measure() => new Wait(this, time.GetTimestamp());

    /// <summary>Starts the measurement anew, for the next line of a log.</summary>
    /// <returns>The measurement until now.</returns>
    public (TimeSpan Stalled, double Percent) Restart()
    {
        lock (_gate)
        {
            var result = (Stalled, Percent);
            (_start, _stalled) = (time.GetTimestamp(), TimeSpan.Zero);
            return result;
        }
    }

    private void Add(TimeSpan span)
    {
        lock (_gate)
            _stalled += span;
    }

    private sealed class Wait(StallMeter meter, long start) : IDisposable
    {
        private bool _over;

        public void Dispose()
        {
            if (!_over)
                meter.Add(meter.Since(start));
            _over = true;
        }
    }

    private TimeSpan Since(long start) => time.GetElapsedTime(start);
}
