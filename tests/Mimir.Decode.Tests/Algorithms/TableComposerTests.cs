using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Algorithms;

public sealed class TableComposerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compose_of_random_transducers_gives_all_pairs_that_meet(bool sorted)
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var left = Transducers.Random(random, states: 5, arcs: 8, labels: 3, forward: true);
            var right = Transducers.Random(random, states: 5, arcs: 8, labels: 3, forward: true);
            ArcOrder.SortByOutput(left);
            if (sorted)
                ArcOrder.SortByInput(right);

            var composed = new TableComposer(left).Compose(right);

            Transducers.SamePaths(Meet(Transducers.Paths(left), Transducers.Paths(right)), Transducers.Paths(composed));
        }
    }

    [Fact]
    public void Compose_gives_each_combination_of_paths_once()
    {
        var random = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var left = Transducers.Random(random, states: 4, arcs: 6, labels: 2, forward: true);
            var right = Transducers.Random(random, states: 4, arcs: 6, labels: 2, forward: true);
            ArcOrder.SortByOutput(left);
            ArcOrder.SortByInput(right);

            var composed = new TableComposer(left).Compose(right);

            // With sums of probabilities, a path that comes twice shows.
            var expected = Meet(Transducers.Paths(left, logSums: true), Transducers.Paths(right, logSums: true), logSums: true);
            Transducers.SamePaths(expected, Transducers.Paths(composed, logSums: true));
        }
    }

    [Fact]
    public void Compose_of_a_left_side_in_wrong_order_is_refused()
    {
        var left = Transducers.Parse("0 1 1 2\n0 1 1 1\n1");

        var error = Assert.Throws<InputException>(() => new TableComposer(left));

        Assert.Contains("fstarcsort --sort_type=olabel", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_without_a_meeting_is_empty()
    {
        var composed = new TableComposer(Transducers.Parse("0 1 1 1\n1")).Compose(Transducers.Parse("0 1 2 2\n1"));

        Assert.Equal((-1, 0), (composed.Start, composed.StateCount));
    }

    private static Dictionary<string, double> Meet(
        Dictionary<string, double> left, Dictionary<string, double> right, bool logSums = false)
    {
        var pairs = new Dictionary<string, double>();
        foreach (var (one, cost) in left)
        {
            foreach (var (other, more) in right)
            {
                var (first, second) = (one.Split(':'), other.Split(':'));
                if (first[1] != second[0])
                    continue;

                var pair = $"{first[0]}:{second[1]}";
                var sum = cost + more;
                pairs[pair] = !pairs.TryGetValue(pair, out var known) ? sum
                    : logSums ? -Math.Log(Math.Exp(-known) + Math.Exp(-sum))
                    : Math.Min(known, sum);
            }
        }

        return pairs;
    }
}
