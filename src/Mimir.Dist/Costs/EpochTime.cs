namespace Mimir.Dist.Costs;

/// <summary>The modelled time of an epoch.</summary>
public sealed record EpochTime
{
    /// <summary>Gets the epoch, as its caller counts.</summary>
    public int Epoch { get; init; }

    /// <summary>Gets the seconds of training, from the first step to the end of the last worker.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the seconds of cross-validation.</summary>
    public double ValidationSeconds { get; init; }

    /// <summary>Gets the seconds in which a worker computed, the mean of all.</summary>
    public double ComputeSeconds { get; init; }

    /// <summary>
    /// Gets the seconds of exchanges that were not hidden behind computing, the mean of all workers, passes over the model included.
    /// Waiting for slower workers is not part of it, except in asynchronous modes, where it is waiting for the server.
    /// </summary>
    public double ExchangeSeconds { get; init; }

    /// <summary>Gets the part of training in which a worker did not compute, the mean of all, in per cent.</summary>
    public double WaitingPercent { get; init; }

    /// <summary>Gets the steps: of all workers together in sync, the sum of all workers' otherwise.</summary>
    public long Steps { get; init; }

    /// <summary>Gets the blocks of ma, bmuf and two-tier, the pushes of asgd; 0 in sync.</summary>
    public long Blocks { get; init; }

    /// <summary>Gets the mean staleness of pushes in asynchronous modes; otherwise null.</summary>
    public double? MeanStaleness { get; init; }

    /// <summary>Gets the largest staleness of a push in asynchronous modes; otherwise null.</summary>
    public int? MaxStaleness { get; init; }
}
