using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Trees;

/// <summary>Options of the division of points into a fixed number of clusters.</summary>
/// <param name="Tries">The number of random beginnings, of which the best result counts.</param>
/// <param name="Rounds">The largest number of refinements of a try.</param>
internal sealed record KMeansOptions(int Tries = 2, int Rounds = 20);

/// <summary>
/// Divides points into clusters as k-means does, with the objective in place of a distance (Kaldi: <c>ClusterKMeans</c>).
/// </summary>
internal static class KMeansClustering
{
    private const int RefinementRounds = 100;
    private const int RefinementCandidates = 5;

    /// <summary>Divides points.</summary>
    /// <param name="points">The points, at least as many as clusters.</param>
    /// <param name="count">The number of clusters.</param>
    /// <param name="options">The number of tries and rounds.</param>
    /// <param name="random">The source of the beginnings.</param>
    public static KMeansResult Cluster(IReadOnlyList<ClusterStatistics> points, int count, KMeansOptions options, CLibraryRandom random)
    {
        var best = ClusterOnce(points, count, options, random);
        for (var attempt = 1; attempt < options.Tries; attempt++)
        {
            var result = ClusterOnce(points, count, options, random);
            if (result.Improvement > best.Improvement)
                best = result;
        }

        return best;
    }

    private static KMeansResult ClusterOnce(
        IReadOnlyList<ClusterStatistics> points, int count, KMeansOptions options, CLibraryRandom random)
    {
        var clusters = new ClusterStatistics?[count];
        var assignments = new int[points.Count];
        var skip = SkipOf(points.Count, random);
        for (var (step, point) = (0, 0); step < points.Count; step++, point = (point + skip) % points.Count)
        {
            var cluster = step % count;
            assignments[point] = cluster;
            if (clusters[cluster] is { } sum)
                sum.Add(points[point]);
            else
                clusters[cluster] = points[point].Clone();
        }

        ClusterStatistics[] sums = [.. clusters.OfType<ClusterStatistics>()];
        var improvement = GainOver(sums);
        for (var round = 0; round < options.Rounds; round++)
        {
            var gain = ClusterRefinement.Refine(points, sums, assignments, RefinementRounds, RefinementCandidates);
            improvement += gain;
            if (gain == 0)
                break;
        }

        return new KMeansResult(improvement, sums, assignments);
    }

    private static float GainOver(ClusterStatistics[] clusters)
    {
        var all = clusters[0].Clone();
        var separate = clusters[0].Objective();
        foreach (var cluster in clusters.AsSpan(1))
        {
            all.Add(cluster);
            separate += cluster.Objective();
        }

        return separate - all.Objective();
    }

    // A step that visits every point once has no divisor in common with their number.
    private static int SkipOf(int points, CLibraryRandom random)
    {
        if (points == 1)
            return 1;

        var skip = 1 + (random.Next() % (points - 1));
        while (GreatestCommonDivisor(skip, points) != 1)
            skip = skip == points - 1 ? 1 : skip + 1;

        return skip;
    }

    private static int GreatestCommonDivisor(int first, int second)
    {
        while (second != 0)
            (first, second) = (second, first % second);

        return first;
    }
}

/// <summary>A division of points.</summary>
/// <param name="Improvement">What the objective gained over a single cluster.</param>
/// <param name="Clusters">The sum of the points of each cluster.</param>
/// <param name="Assignments">The cluster of each point.</param>
internal sealed record KMeansResult(float Improvement, ClusterStatistics[] Clusters, int[] Assignments);
