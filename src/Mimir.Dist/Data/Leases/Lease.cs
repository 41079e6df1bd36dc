using Mimir.Base;

namespace Mimir.Dist.Data.Leases;

/// <summary>A number of items of an epoch that one worker trains on.</summary>
/// <param name="Number">The lease's number, from 0; items that are dealt again get new numbers.</param>
/// <param name="Items">Indices into <see cref="EpochItems.Items"/>, in the order of the epoch.</param>
public sealed record Lease(int Number, IReadOnlyList<int> Items);

/// <summary>The answer to a worker that asks for a lease.</summary>
public enum LeaseState
{
    /// <summary>A lease.</summary>
    Leased,

    /// <summary>No lease now: the others work on the last ones, which come back if one of them dies.</summary>
    Idle,

    /// <summary>Every item of the epoch is completed or dropped.</summary>
    Finished,
}

/// <summary>Lists of indices written as runs: begin, count, begin, count, …</summary>
internal static class IndexRuns
{
    public static int[] Of(IEnumerable<int> indices)
    {
        List<int> runs = [];
        foreach (var index in indices)
        {
            if (runs.Count > 0 && runs[^2] + runs[^1] == index)
                runs[^1]++;
            else
                runs.AddRange([index, 1]);
        }

        return [.. runs];
    }

    /// <summary>The indices of some runs.</summary>
    /// <exception cref="InputException">They are not runs of indices below <paramref name="limit"/>, each once.</exception>
    public static int[] Expand(ReadOnlySpan<int> runs, int limit)
    {
        List<int> indices = [];
        for (var i = 0; i < runs.Length; i += 2)
        {
            if (i + 1 == runs.Length || runs[i] < 0 || runs[i + 1] < 1 || runs[i] > limit - runs[i + 1]
                || indices.Count + runs[i + 1] > limit)
            {
                throw new InputException($"expected runs of items below {limit}, got one from {runs[i]} on");
            }

            indices.AddRange(Enumerable.Range(runs[i], runs[i + 1]));
        }

        return [.. indices];
    }

    /// <summary>The number of indices of some runs.</summary>
    public static int Count(ReadOnlySpan<int> runs)
    {
        var count = 0;
        for (var i = 1; i < runs.Length; i += 2)
            count += runs[i];

        return count;
    }
}
