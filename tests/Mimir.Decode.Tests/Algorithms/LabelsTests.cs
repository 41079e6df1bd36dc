using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Algorithms;

public sealed class LabelsTests
{
    [Fact]
    public void Remove_inputs_makes_epsilons()
    {
        var fst = Transducers.Parse("0 0 1 1\n0 0 3 2\n0");

        Labels.RemoveInputs(fst, [3, 4]);

        Assert.Equal("0\t0\t1\t1\n0\t0\t0\t2\n0\n", FstText.Write(fst));
    }

    [Fact]
    public void Remove_arcs_of_inputs_leaves_what_is_on_a_path()
    {
        var fst = Transducers.Parse("0 1 3 1\n0 2 1 1\n1 2 1 1\n2");

        Labels.RemoveArcsOfInputs(fst, [3]);

        Assert.Equal("0\t1\t1\t1\n1\n", FstText.Write(fst));
    }

    [Fact]
    public void Penalize_inputs_adds_to_their_costs()
    {
        var fst = Transducers.Parse("0 0 1 1\n0 0 3 2\n0");

        Labels.PenalizeInputs(fst, [3], 2);

        Assert.Equal("0\t0\t1\t1\n0\t0\t3\t2\t2\n0\n", FstText.Write(fst));
    }

    [Fact]
    public void Invert_swaps_the_labels()
    {
        var fst = Transducers.Parse("0 1 1 2\n1");

        Labels.Invert(fst);

        Assert.Equal("0\t1\t2\t1\n1\n", FstText.Write(fst));
    }

    [Fact]
    public void Add_loops_puts_them_on_states_with_outputs_and_on_ends()
    {
        var fst = Transducers.Parse("0 1 1 2\n1 2 1 0\n2");

        Labels.AddLoops(fst, [7], [8]);

        Assert.Equal("0\t1\t1\t2\n0\t0\t7\t8\n1\t2\t1\t0\n2\t2\t7\t8\n2\n", FstText.Write(fst));
    }

    [Fact]
    public void Add_loops_with_labels_that_are_there_is_refused()
    {
        Assert.Throws<InputException>(() => Labels.AddLoops(Transducers.Parse("0 1 7 2\n1"), [7], [8]));
        Assert.Throws<InputException>(() => Labels.AddLoops(Transducers.Parse("0 1 1 2\n1"), [7, 9], [8]));
        Assert.Throws<InputException>(() => Labels.RemoveInputs(Transducers.Parse("0 1 1 2\n1"), [0]));
    }

    [Fact]
    public void Inputs_and_outputs_are_those_of_arcs()
    {
        var fst = Transducers.Parse("0 1 7 2\n0 1 1 0\n1");

        Assert.Equal([1, 7], Labels.Inputs(fst));
        Assert.Equal([2], Labels.Outputs(fst));
    }

    [Fact]
    public void Trim_removes_what_no_path_passes()
    {
        var fst = Transducers.Parse("0 1 1 1\n0 2 2 2\n1 3 3 3\n3\n4 3 4 4\n5");

        Connection.Trim(fst);

        Assert.Equal("0\t1\t1\t1\n1\t2\t3\t3\n2\n", FstText.Write(fst));
    }

    [Fact]
    public void Shortest_path_is_the_cheapest_and_a_negative_loop_is_refused()
    {
        var random = new Random(8);
        for (var round = 0; round < 100; round++)
        {
            var fst = Transducers.Random(random, states: 6, arcs: 10, labels: 3, forward: true);
            var expected = Transducers.Paths(fst).Values.DefaultIfEmpty(double.PositiveInfinity).Min();

            var path = ShortestPath.Find(fst);

            var end = path is null ? -1 : path.Count == 0 ? fst.Start : path[^1].Next;
            Assert.Equal(expected, path is null ? double.PositiveInfinity : path.Sum(arc => (double)arc.Weight) + fst.Final(end), 4);
        }

        Assert.Throws<InputException>(() => ShortestPath.Find(Transducers.Parse("0 0 1 1 -1\n0")));
    }

    [Fact]
    public void Phi_composition_backs_off_only_where_nothing_matches()
    {
        // 9 is phi: state 0 has word 1; it backs off to state 1, which has words 1 and 2.
        var model = Transducers.Parse("0 0 1 1 1\n0 1 9 0 0.5\n1 0 1 1 0.1\n1 0 2 2 2\n1 3");
        var composer = new PhiComposer(model, 9);

        var one = Transducers.Paths(composer.Compose(Transducers.Parse("0 1 1 1\n1")));
        var two = Transducers.Paths(composer.Compose(Transducers.Parse("0 1 2 2\n1")));

        Assert.Equal(new Dictionary<string, double> { ["1 :1 "] = 4.5 }, one);
        Assert.Equal(new Dictionary<string, double> { ["2 :2 "] = 6 }, two);
    }
}
