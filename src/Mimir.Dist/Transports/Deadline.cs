namespace Mimir.Dist.Transports;

/// <summary>The end of a wait.</summary>
/// <param name="time">The clock.</param>
/// <param name="span">The time from now.</param>
internal readonly struct Deadline(TimeProvider time, TimeSpan span)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Gets the time that is left; zero or less when it is over.</summary>
    public TimeSpan Left => span - time.GetElapsedTime(_start);
}
