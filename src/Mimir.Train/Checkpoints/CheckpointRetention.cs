namespace Mimir.Train.Checkpoints;

/// <summary>Which checkpoints may go.</summary>
public static class CheckpointRetention
{
    /// <summary>Chooses the checkpoints that are no longer needed.</summary>
    /// <param name="present">Those on the disk, in any order.</param>
    /// <param name="keep">How many of the newest stay; less than 1 is taken as 1, so that a run can always resume.</param>
    /// <returns>Those to delete, the oldest first.</returns>
    public static IReadOnlyList<CheckpointName> Expired(IEnumerable<CheckpointName> present, int keep)
    {
        var sorted = CheckpointName.Sorted(present);
        return [.. sorted.Take(sorted.Count - Math.Max(1, keep))];
    }
}
