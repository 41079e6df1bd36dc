using Mimir.Base;

namespace Mimir.Dist.Data.Leases;

/// <summary>The state of a <see cref="LeasePool"/>. Lists of items are runs: begin, count, begin, count, …</summary>
public sealed record LeasePoolState
{
    /// <summary>Gets the epoch's number.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets <see cref="EpochItems.Fingerprint"/>.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>Gets <see cref="LeasePoolOptions.FramesPerLease"/>.</summary>
    public required int FramesPerLease { get; init; }

    /// <summary>True when leases went to the worker that asked first.</summary>
    public required bool FirstCome { get; init; }

    /// <summary>Gets the ranks of the group.</summary>
    public required int[] Members { get; init; }

    /// <summary>Gets the number of the next new lease.</summary>
    public required int Numbers { get; init; }

    /// <summary>Gets the completed items.</summary>
    public required int[] Completed { get; init; }

    /// <summary>Gets the dropped items.</summary>
    public required int[] Dropped { get; init; }

    /// <summary>Gets the leases that are not completed, those already given out first.</summary>
    public required SavedLease[] Leases { get; init; }

    /// <summary>The items that are completed.</summary>
    public IEnumerable<int> CompletedItems() => IndexRuns.Expand(Completed, int.MaxValue);

    internal void Check(EpochItems epoch)
    {
        if (Epoch != epoch.Epoch || Fingerprint != epoch.Fingerprint)
        {
            throw new InputException(
                $"the checkpoint's leases are of epoch {Epoch} of another list of items than that of epoch {epoch.Epoch}: "
                + "go on with the corpus, the seed and the options of the run");
        }

        if (FramesPerLease < 1 || Members.Length == 0 || Members.Any(rank => rank < 0) || Members.Distinct().Count() != Members.Length
            || !FirstCome && Leases.Any(lease => !Members.Contains(lease.Rank)))
            throw new InputException($"the leases of epoch {Epoch} in the checkpoint are damaged; start from another checkpoint");
    }
}

/// <summary>A lease in a <see cref="LeasePoolState"/>.</summary>
/// <param name="Rank">Its worker; -1: the one that asks first.</param>
/// <param name="Number">Its number.</param>
/// <param name="Items">The rest of its items, as runs.</param>
public sealed record SavedLease(int Rank, int Number, int[] Items);
