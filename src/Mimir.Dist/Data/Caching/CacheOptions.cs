using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mimir.Dist.Data.Caching;

/// <summary>Options of a local cache of a corpus.</summary>
public sealed record CacheOptions
{
    /// <summary>Gets the folder on a local disk; all runs and workers of a machine should share one.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the most bytes in the folder.</summary>
    public long Limit { get; init; } = 100L << 30;

    /// <summary>Gets the number of files that are prefetched at the same time.</summary>
    public int Streams { get; init; } = 2;

    /// <summary>Gets the number of tries without a further byte after which a file is given up.</summary>
    public int Tries { get; init; } = 8;

    /// <summary>Gets the pause after the first failure; each further one doubles it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Gets the longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the longest wait for an answer or a byte of a source.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the seed of the random pauses; different on each worker, so that they do not come back all at once.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets the log: a message of each failed try and each file that is removed.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets a value indicating whether <see cref="Logger"/> is told of each file that is removed.</summary>
    public bool LogEvictions { get; init; } = true;

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
