using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Data.Leases;

/// <summary>Options of a lease server and its clients; the same on every worker.</summary>
public sealed record LeaseOptions
{
    /// <summary>Gets the first of the three channels that leases use.</summary>
    public int Channel { get; init; } = 240;

    /// <summary>Gets the number of leases that a client holds beyond the one in use.</summary>
    public int Ahead { get; init; } = 1;

    /// <summary>
    /// Gets the longest wait of <see cref="LeaseClient.Next"/> for the others' last items while none of them settles one.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// True when a worker's report counts only after <see cref="LeaseServer.Commit"/>: for update
    /// modes in which the work since the last block is lost with the worker.
    /// </summary>
    public bool HoldUntilCommit { get; init; }

    /// <summary>Gets the log: a message when items go back to the pool or a worker joins.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal Tag Requests => new(Channel);

    internal Tag Answers => new(Channel + 1);

    internal Tag Receipts => new(Channel + 2);
}
