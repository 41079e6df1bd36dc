namespace Mimir.Dist;

/// <summary>The workers of a collective operation in a fixed order, and the number of their formation.</summary>
/// <remarks>
/// When a worker is lost or comes back, the others form a new group of the next generation. The generation is in every
/// tag, so a message under way from an earlier formation is never taken for one of this.
/// </remarks>
public sealed class WorkerGroup
{
    /// <summary>Forms a group.</summary>
    /// <param name="members">The ranks, each once, in the same order on every worker.</param>
    /// <param name="generation">The number of the formation, the same on every worker; from 1.</param>
    public WorkerGroup(IReadOnlyList<int> members, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(members.Count, nameof(members));
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        if (members.Distinct().Count() != members.Count || members.Any(rank => rank < 0))
            throw new ArgumentException($"expected ranks, each once, got {string.Join(", ", members)}", nameof(members));

        Members = [.. members];
        Generation = generation;
    }

    /// <summary>Gets the ranks in order.</summary>
    public IReadOnlyList<int> Members { get; }

    /// <summary>Gets the number of the formation.</summary>
    public int Generation { get; }

    /// <summary>Gets the number of workers.</summary>
    public int Size => Members.Count;

    /// <summary>All workers of a job, in the order of their ranks, as its first formation.</summary>
    /// <param name="worldSize">The number of workers.</param>
    public static WorkerGroup All(int worldSize) => new([.. Enumerable.Range(0, worldSize)], 1);

    /// <summary>The place of a worker in the order, or -1.</summary>
    /// <param name="rank">A worker's rank.</param>
    public int IndexOf(int rank)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i] == rank)
                return i;
        }

        return -1;
    }

    /// <summary>The next formation, without some workers.</summary>
    /// <param name="ranks">The lost workers.</param>
    public WorkerGroup Without(params ReadOnlySpan<int> ranks)
    {
        var lost = ranks.ToArray();
        return new([.. Members.Where(rank => !lost.Contains(rank))], Generation + 1);
    }

    /// <summary>The next formation, with some workers more; the order is that of the ranks.</summary>
    /// <param name="ranks">The new workers, none of them a member.</param>
    public WorkerGroup With(params ReadOnlySpan<int> ranks) => new([.. Members.Concat(ranks.ToArray()).Order()], Generation + 1);

    /// <inheritdoc/>
    public override string ToString() => $"generation {Generation} of workers {string.Join(", ", Members)}";
}
