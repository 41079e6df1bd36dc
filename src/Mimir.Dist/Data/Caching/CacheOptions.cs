namespace Mimir.Dist.Data.Caching;

/// <summary>How a corpus is fetched into a local folder.</summary>
public sealed record CacheOptions
{
    /// <summary>Gets the folder on a local disk; all runs and workers of a machine should share one.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the most bytes that lie there. Default 100 GiB.</summary>
    public long Limit { get; init; } = 100L << 30;

    /// <summary>Gets how many files are fetched ahead at the same time. Default 2.</summary>
    public int Streams { get; init; } = 2;

    /// <summary>Gets how often a file is tried without a single byte more before it is given up. Default 8.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>Gets the pause after the first failure; each further one doubles it. Default 0.5 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets the longest pause. Default 30 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how long a source may give nothing, be it an answer or a byte. Default 30 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the seed of the pauses' jitter; different on each worker, so that they do not come back all at once.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets who takes a line about each failed try and each file that is thrown out.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets a value indicating whether <see cref="Log"/> is told of each file that is thrown out. Default true.</summary>
    public bool LogEvictions { get; init; } = true;

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
