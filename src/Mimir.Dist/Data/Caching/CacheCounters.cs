namespace Mimir.Dist.Data.Caching;

/// <summary>What a cache has done so far. Any thread may call.</summary>
public sealed class CacheCounters
{
    private long _bytes;
    private long _retries;
    private long _hits;
    private long _misses;

    /// <summary>Gets the bytes that came from the source.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets the tries that failed and were followed by another.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Gets how often a file was there when it was asked for.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Gets how often one had to be waited for.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    internal void Fetched(int bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void Retried() => Interlocked.Increment(ref _retries);

    internal void Hit() => Interlocked.Increment(ref _hits);

    internal void Missed() => Interlocked.Increment(ref _misses);
}
