namespace Mimir.Dist.Transports;

/// <summary>A moment after which a wait is over.</summary>
/// <param name="time">The clock.</param>
/// <param name="span">How long from now.</param>
internal readonly struct Deadline(TimeProvider time, TimeSpan span)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Gets what is left; zero or less when it is over.</summary>
    public TimeSpan Left => span - time.GetElapsedTime(_start);
}
