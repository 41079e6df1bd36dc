namespace Mimir.Dist.Data.Leases;

/// <summary>How an epoch is dealt out.</summary>
public sealed record LeasePoolOptions
{
    /// <summary>Gets the frames after which a lease ends; it has at least one item. Default 20 000, or 200 s of speech.</summary>
    public int FramesPerLease { get; init; } = 20_000;

    /// <summary>
    /// Gets a value indicating whether a lease goes to whoever asks first, so that slow workers get less. Otherwise lease i
    /// belongs to the worker i mod N of the group, and a run repeats bit by bit whatever the timing.
    /// </summary>
    public bool FirstCome { get; init; }
}
