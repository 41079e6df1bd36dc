namespace Mimir.Dist.Data.Leases;

/// <summary>What there is for a worker.</summary>
public enum LeaseState
{
    /// <summary>A lease.</summary>
    Leased,

    /// <summary>Nothing now: the others still work on what is left, and it comes back should one of them die.</summary>
    Idle,

    /// <summary>Every item of the epoch is completed or dropped.</summary>
    Finished,
}
