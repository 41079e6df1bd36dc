using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Graph;

public sealed class LayerGraphTests
{
    [Fact]
    public void Constructor_of_nodes_that_disagree_names_both()
    {
        var spec = new GraphSpec(4, [new NodeSpec("first", Some.Affine(3)), new NodeSpec("shift", new AddShiftSpec([1, 2]))]);

        var error = Assert.Throws<InputException>(() => new LayerGraph(spec, Device.Cpu));

        Assert.Equal("Node 'shift' takes 2 values, 'first' gives 3.", error.Message);
    }

    [Fact]
    public void Constructor_of_branches_that_disagree_names_both()
    {
        var spec = new GraphSpec(4,
        [
            new NodeSpec("left", Some.Affine(3), ["input"]), new NodeSpec("right", Some.Affine(5), ["input"]),
            new NodeSpec("sum", new SumSpec(), ["left", "right"]),
        ]);

        var error = Assert.Throws<InputException>(() => new LayerGraph(spec, Device.Cpu));

        Assert.Contains("'left', which gives 3 values, and 'right', which gives 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_of_inputs_that_a_block_cannot_take_names_the_node()
    {
        Error(new SumSpec { Scales = [1, 2, 3] }, "Node 'both': a sum of 2 inputs needs as many scales, got 3");
        Error(Some.Affine(3), "Node 'both': takes one input, got 2");

        static void Error(BlockSpec block, string expected)
        {
            var spec = new GraphSpec(4, [new NodeSpec("first", Some.Affine(4)), new NodeSpec("both", block, ["first", "input"])]);

            Assert.Equal(expected, Assert.Throws<InputException>(() => new LayerGraph(spec, Device.Cpu)).Message);
        }
    }

    [Fact]
    public void Constructor_of_an_unknown_input_names_it()
    {
        var spec = new GraphSpec(4, [new NodeSpec("first", Some.Affine(3), ["nowhere"])]);

        var error = Assert.Throws<InputException>(() => new LayerGraph(spec, Device.Cpu));

        Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_reports_every_gradient_once_from_the_end_when_it_is_final()
    {
        using var graph = new LayerGraph(Some.Graph(5, Some.Affine(8, Activation.Sigmoid), Some.Affine(6), Some.Affine(3)), Device.Cpu);
        using var table = Some.Table(5, ScalarType.Float32, 40);
        graph.Initialise(1);
        graph.Forward(table, Some.Rows(40), PassMode.Train);
        graph.OutputGradient.fill_(Scalars.Of(1));
        var gradients = new float[graph.Parameters.Count];
        var (begin, parts) = (graph.Parameters.Count, 0);

        graph.Backward(graph.OutputGradient, (offset, count) =>
        {
            Assert.Equal(begin, offset + count);
            graph.Parameters.Gradients.AsSpan().Slice((int)offset, (int)count).CopyTo(gradients.AsSpan((int)offset));
            (begin, parts) = (offset, parts + 1);
        });

        Assert.Equal(0, begin);
        Assert.Equal(3, parts);
        Assert.Equal(graph.Parameters.Gradients.ToArray(), gradients);
    }

    [Fact]
    public void Forward_of_batches_of_changing_size_gives_each_row_its_own_value()
    {
        using var graph = new LayerGraph(Some.Graph(5, Some.Affine(8, Activation.Sigmoid), Some.Affine(3)), Device.Cpu);
        using var table = Some.Table(5, ScalarType.Float32, 40);
        graph.Initialise(1);
        var all = graph.Forward(table, Some.Rows(40), PassMode.Evaluate).ToArray();

        foreach (var count in new[] { 1, 7, 40, 3, 16, 2, 7 })
        {
            var some = graph.Forward(table, Some.Rows(40).AsSpan(40 - count), PassMode.Evaluate).ToArray();

            for (var i = 0; i < some.Length; i++)
                Assert.Equal(all[all.Length - some.Length + i], some[i], 1e-5f);
        }
    }

    [Fact]
    public void Initialise_with_the_same_seed_gives_the_same_bits_of_the_right_spread()
    {
        var spec = Nnet1Prototype.Dnn(200, 1, 300, 50);
        using var graph = new LayerGraph(spec, Device.Cpu);
        graph.Initialise(777);
        var first = graph.Parameters.Values.ToArray();

        graph.Initialise(777);

        Assert.Equal(first, graph.Parameters.Values.ToArray());
        var weights = graph.Parameters.ValueOf(0).ToArray();
        Assert.Equal(((AffineSpec)spec.Nodes[0].Block).ParamStddev, Math.Sqrt(weights.Average(w => (double)w * w)), 1e-3);
        Assert.All(graph.Parameters.ValueOf(1).ToArray(), bias => Assert.InRange(bias, -4, 0));
        Assert.All(graph.Parameters.ValueOf(3).ToArray(), bias => Assert.Equal(0, bias));
    }
}
