using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Algorithms;

public sealed class StarDeterminizerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_to_random_transducers_keeps_the_costs_and_leaves_one_arc_for_an_input(bool logSums)
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var fst = Transducers.Functional(Transducers.Random(random, states: 6, arcs: 10, labels: 3, forward: true));
            var before = Transducers.Paths(fst, logSums: logSums);

            StarDeterminizer.Apply(fst, new DeterminizeOptions { LogSums = logSums });

            Transducers.SamePaths(before, Transducers.Paths(fst, most: 20, logSums: logSums));
            for (var state = 0; state < fst.StateCount; state++)
            {
                var inputs = fst.Arcs(state).ToArray().Select(arc => arc.Input).ToList();
                Assert.Equal(inputs.Distinct(), inputs);
                Assert.True(inputs.Count <= 1 || !inputs.Contains(0));
            }
        }
    }

    [Fact]
    public void Apply_delays_outputs_until_the_input_decides()
    {
        var fst = Transducers.Parse("0 1 1 5\n0 2 1 6\n1 3 2 0\n2 3 3 0\n3");

        StarDeterminizer.Apply(fst);

        Assert.Equal([new FstArc(1, 0, 0, 1)], fst.Arcs(0).ToArray());
        Assert.Equal([(2, 5), (3, 6)], fst.Arcs(1).ToArray().Select(arc => (arc.Input, arc.Output)));
    }

    [Fact]
    public void Apply_spells_several_outputs_behind_their_input()
    {
        var fst = Transducers.Parse("0 1 1 5\n1 2 0 6\n2 3 0 7\n3 0.5");
        var before = Transducers.Paths(fst);

        StarDeterminizer.Apply(fst);

        Transducers.SamePaths(before, Transducers.Paths(fst));
    }

    [Fact]
    public void Apply_to_homophones_without_disambiguation_is_refused()
    {
        var fst = Transducers.Parse("0 1 1 5\n0 1 1 6\n1");

        var error = Assert.Throws<InputException>(() => StarDeterminizer.Apply(fst));

        Assert.Contains("two outputs for one input, [5] and [6]", error.Message, StringComparison.Ordinal);
        Assert.Contains("disambiguation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_to_outputs_that_wait_for_ever_is_refused()
    {
        var fst = Transducers.Parse("0 1 1 5\n0 2 1 6\n1 1 1 5\n2 2 1 6\n1 3 2 0\n2 3 3 0\n3");

        var error = Assert.Throws<InputException>(() => StarDeterminizer.Apply(fst));

        Assert.Contains("output labels wait for the input", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_to_a_loop_without_input_that_never_comes_to_rest_is_refused()
    {
        var fst = Transducers.Parse("0 1 1 1\n1 1 0 0 -0.5\n1");

        var error = Assert.Throws<InputException>(() => StarDeterminizer.Apply(fst, new DeterminizeOptions { LogSums = true }));

        Assert.Contains("do not converge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_sums_a_loop_without_input()
    {
        // The loop is taken 0, 1, 2 ... times with probability 1/2 each: 1 + 1/2 + 1/4 ... = 2.
        var fst = Transducers.Parse("0 1 1 1\n1 1 0 0 0.693147\n1");

        StarDeterminizer.Apply(fst, new DeterminizeOptions { LogSums = true, Delta = 1e-6f });

        Assert.Equal(-Math.Log(2), Transducers.Paths(fst)["1 :1 "], 4);
    }

    [Fact]
    public void Apply_beyond_the_most_states_is_refused()
    {
        var fst = Transducers.Parse("0 1 1 1\n1 2 1 1\n2 3 1 1\n3");

        Assert.Throws<InputException>(() => StarDeterminizer.Apply(fst, new DeterminizeOptions { MaxStates = 2 }));
    }
}
