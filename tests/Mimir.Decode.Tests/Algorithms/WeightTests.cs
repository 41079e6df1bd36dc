using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Algorithms;

/// <summary>Pushing, the sums of states, and the removal of epsilons.</summary>
public sealed class WeightTests
{
    [Fact]
    public void Push_makes_all_states_sum_to_the_same_and_keeps_the_costs_of_paths()
    {
        var random = new Random(5);
        for (var round = 0; round < 100; round++)
        {
            var fst = Transducers.Random(random, states: 8, arcs: 16, labels: 3, forward: false);
            Connection.Trim(fst);
            if (fst.StateCount == 0)
                continue;

            var before = Transducers.Paths(fst, most: 5);
            var converged = SpecialPusher.Push(fst, 1e-4f);

            var sums = Stochasticity.Check(fst);
            Assert.True(!converged || sums.Minimum - sums.Maximum < 2e-4, $"{sums}");
            Transducers.SamePaths(before, Transducers.Paths(fst, most: 5));
        }
    }

    [Fact]
    public void Check_of_states_that_sum_to_1_is_0()
    {
        var fst = Transducers.Parse("0 0 1 1 0.6931472\n0 0.6931472");

        var sums = Stochasticity.Check(fst);

        Assert.Equal(0, sums.LargestError, 5);
        Assert.Equal(0.6931472f, Stochasticity.Check(fst, logSums: false).LargestError, 5);
    }

    [Fact]
    public void Local_epsilon_removal_keeps_the_costs_of_paths_and_adds_no_arcs()
    {
        var random = new Random(6);
        for (var round = 0; round < 300; round++)
        {
            var fst = Transducers.Random(random, states: 7, arcs: 10, labels: 2, forward: true, epsilons: 0.6f);
            Connection.Trim(fst);
            var before = Transducers.Paths(fst);
            var size = fst.ArcCount + fst.StateCount;

            LocalEpsilonRemoval.Apply(fst, EpsilonSums.OfGraphs);

            Transducers.SamePaths(before, Transducers.Paths(fst));
            Assert.True(fst.ArcCount + fst.StateCount <= size);
        }
    }

    [Fact]
    public void Local_epsilon_removal_in_the_log_semiring_keeps_the_sums_of_paths()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var fst = Transducers.Random(random, states: 7, arcs: 10, labels: 2, forward: true, epsilons: 0.6f);
            Connection.Trim(fst);
            var before = Transducers.Paths(fst, logSums: true);

            LocalEpsilonRemoval.Apply(fst, new EpsilonSums(Paths: true, States: true));

            Transducers.SamePaths(before, Transducers.Paths(fst, logSums: true));
        }
    }

    [Fact]
    public void Local_epsilon_removal_joins_an_epsilon_with_the_next_arc()
    {
        var fst = Transducers.Parse("0 1 0 0 0.5\n1 2 3 4 0.25\n2");

        LocalEpsilonRemoval.Apply(fst, EpsilonSums.OfGraphs);

        Assert.Equal([new FstArc(3, 4, 0.75f, 1)], fst.Arcs(0).ToArray());
    }
}
