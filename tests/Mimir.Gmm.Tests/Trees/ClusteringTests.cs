using Mimir.Base;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Tests.Trees;

public sealed class ClusteringTests
{
    // Two groups that are near each other, and a third far away.
    private static readonly double[] Means = [0, 100, 8, 1, 101, 9];

    [Theory]
    [InlineData(3, new[] { 0, 1, 2, 0, 1, 2 })]
    [InlineData(2, new[] { 0, 1, 0, 0, 1, 0 })]
    [InlineData(1, new[] { 0, 0, 0, 0, 0, 0 })]
    public void BottomUp_merges_the_nearest_first(int clusters, int[] groups)
    {
        var assignments = BottomUpClustering.Cluster([Points(Means)], float.PositiveInfinity, clusters)[0];

        AssertSameGroups(groups, assignments);
    }

    [Fact]
    public void BottomUp_merges_within_compartments_alone_and_up_to_the_threshold()
    {
        var compartments = BottomUpClustering.Cluster([Points(Means[..3]), Points(Means[3..])], float.PositiveInfinity, 4);

        AssertSameGroups([0, 1, 0], compartments[0]);
        AssertSameGroups([0, 1, 0], compartments[1]);
        AssertSameGroups([0, 1, 2, 3, 4, 5], BottomUpClustering.Cluster([Points(Means)], 0.001f, 0)[0]);
        AssertSameGroups([0, 1, 2, 0, 1, 2], BottomUpClustering.Cluster([Points(Means)], 100, 0)[0]);
    }

    [Fact]
    public void BottomUp_of_many_points_drops_stale_entries()
    {
        var random = new SeededRandom(2);
        var means = Enumerable.Range(0, 120).Select(i => (1000 * (i % 4)) + random.NextNormal()).ToArray();

        AssertSameGroups(
            [.. Enumerable.Range(0, 120).Select(i => i % 4)],
            BottomUpClustering.Cluster([Points(means)], float.PositiveInfinity, 4)[0]);
    }

    [Fact]
    public void KMeans_finds_the_groups_and_what_they_gain()
    {
        var points = Points(Means);

        var result = KMeansClustering.Cluster(points, 3, new KMeansOptions(Tries: 10), new CLibraryRandom(1));

        AssertSameGroups([0, 1, 2, 0, 1, 2], result.Assignments);
        var all = points[0].Clone();
        foreach (var point in points.AsSpan(1))
            all.Add(point);

        Assert.Equal(result.Clusters.Sum(cluster => cluster.Objective()) - all.Objective(), result.Improvement, 0.1f);
        Assert.Equal([0], KMeansClustering.Cluster(points[..1], 1, new KMeansOptions(), new CLibraryRandom(1)).Assignments);
    }

    [Fact]
    public void TopDown_divides_the_farthest_first_and_gives_each_point_a_cluster()
    {
        var (assignments, parents) = TopDownClustering.Cluster(Points(Means), new KMeansOptions(), new CLibraryRandom(1));

        Assert.Equal(6, assignments.Distinct().Count());
        Assert.Equal(11, parents.Length);
        Assert.Equal(10, parents[10]);
        Assert.All(Enumerable.Range(0, 10), cluster => Assert.True(parents[cluster] > cluster));

        // The first division has the far group on one side.
        var sides = assignments.Select(SideOf).ToArray();
        AssertSameGroups([0, 1, 0, 0, 1, 0], sides);

        int SideOf(int cluster)
        {
            while (parents[cluster] != 10)
                cluster = parents[cluster];

            return cluster;
        }
    }

    [Fact]
    public void Refine_without_rounds_or_with_one_cluster_changes_nothing()
    {
        var points = Points(Means[..2]);
        int[] assignments = [0, 0];
        ClusterStatistics[] clusters = [points[0].Clone()];
        clusters[0].Add(points[1]);

        Assert.Equal(0, ClusterRefinement.Refine(points, clusters, assignments, 5, 2));
        Assert.Equal(0, ClusterRefinement.Refine(points, [clusters[0], points[0]], assignments, 0, 2));
    }

    [Fact]
    public void FindClasses_and_FindQuestions_say_what_they_miss()
    {
        var warnings = new List<string>();
        var log = TreeLog.None with { Warning = warnings.Add };
        var points = Points(Means);
        var statistics = new TreeStatistics(
            [.. points.Select((point, i) => new ContextStatistics(new TreeEvent((-1, 0), (0, i + 1)), point))]);

        var classes = PhoneClustering.FindClasses(statistics, [[1], [2], [3], [4], [5], [6, 7], [8]], [0], 0, 3, log);

        Assert.Contains(classes, set => set.SequenceEqual([2, 5]));
        Assert.Contains("no stats available for phone set: 8", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => PhoneClustering.FindClasses(statistics, [[1], [2]], [0], 0, 3, log));
        Assert.Throws<InputException>(() => PhoneClustering.FindQuestions(statistics, [[1], [1]], [0], 0, log));
        Assert.Throws<InputException>(() => PhoneClustering.FindQuestions(statistics, [[1], [2]], [1], 0, log));
        Assert.Throws<InputException>(() => PhoneClustering.FindQuestions(statistics, [[1], [2]], [0], 1, log));
        Assert.Equal([[1]], PhoneClustering.FindQuestions(statistics, [[1]], [0], 0, log));
    }

    private static ClusterStatistics[] Points(double[] means)
    {
        var random = new SeededRandom(1);
        return [.. means.Select(mean =>
        {
            var point = new ClusterStatistics(1, 0.01);
            for (var i = 0; i < 50; i++)
                point.AddFrame([(float)(mean + random.NextNormal())]);

            return point;
        })];
    }

    private static void AssertSameGroups(int[] expected, int[] actual) => Assert.Equal(
        expected.Select(group => Array.IndexOf(expected, group)), actual.Select(group => Array.IndexOf(actual, group)));
}
