using Mimir.Dist.Transports;

namespace Mimir.Dist.Data.Leases;

/// <summary>How a server and its clients talk; the same on every worker.</summary>
public sealed record LeaseOptions
{
    /// <summary>Gets the first of the three channels that leases use. Default 240.</summary>
    public int Channel { get; init; } = 240;

    /// <summary>Gets how many leases a client holds beyond the one that is worked on. Default 1.</summary>
    public int Ahead { get; init; } = 1;

    /// <summary>
    /// Gets how long <see cref="LeaseClient.Next"/> waits for the others' last items while none of them settles one.
    /// Default 10 minutes.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets a value indicating whether what a worker reports counts only after <see cref="LeaseServer.Commit"/>: for update
    /// modes in which the work since the last block is lost with the worker.
    /// </summary>
    public bool HoldUntilCommit { get; init; }

    /// <summary>Gets who takes a line when items go back to the pool or a worker joins.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal Tag Requests => new(Channel);

    internal Tag Answers => new(Channel + 1);

    internal Tag Receipts => new(Channel + 2);
}
