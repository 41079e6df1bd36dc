using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Optimisers;

public sealed class NaturalGradientTests
{
    private const int Dim = 6;
    private const double Rate = 0.01;

    private static readonly NaturalGradientOptions Unlimited = new() { MaxChange = 0, MaxParamChange = 0 };

    public static TheoryData<BlockSpec[]> Networks =>
    [
        [Some.Affine(7, Activation.Sigmoid), new LinearSpec(5)],
        [Some.Tdnn(7, -1, 0, 2) with { Activation = Activation.Relu }, Some.Tdnn(5, -1, 1) with { Stride = 2, HasBias = false }],
        [Some.Convolution(3, 4, -1, 0), Some.Affine(5)],
        [new LstmSpec(6) { Projection = 4, ParamRange = 0.7f }, Some.Affine(5)],
        [new BlstmSpec(6) { Projection = 4, ParamRange = 0.7f }, Some.Affine(5)],
        [new BlstmSpec(4) { Peepholes = false, ParamRange = 0.7f }, Some.Affine(5)],
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Rank_0_is_plain_gradient_descent_for_every_block(BlockSpec[] blocks)
    {
        foreach (var useReference in new[] { false, true })
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var natural = new NaturalGradient(Unlimited with { RankIn = 0, RankOut = 0 });
            using var plain = new Sgd(new());
            using var expected = Trained(blocks, plain, steps: 3);
            using var got = Trained(blocks, natural, steps: 3);

            Assert.All(
                got.Parameters.Values.ToArray().Zip(expected.Parameters.Values.ToArray()),
                pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Steps_are_the_same_on_both_routes_and_differ_from_plain_ones(BlockSpec[] blocks)
    {
        var models = new[] { false, true }.Select(useReference =>
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var natural = new NaturalGradient(Unlimited with { RankIn = 3, RankOut = 2 });
            using var graph = Trained(blocks, natural, steps: 4);
            return graph.Parameters.Values.ToArray();
        }).ToList();
        using var sgd = new Sgd(new());
        using var plain = Trained(blocks, sgd, steps: 4);

        Assert.All(models[0].Zip(models[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains(models[0].Zip(plain.Parameters.Values.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void Gradients_keep_the_norm_that_both_factors_have()
    {
        // One row: the norm of the gradient is the product of the norms of its two factors.
        using var natural = new NaturalGradient(Unlimited);
        using var graph = Graph([new LinearSpec(9)], natural);
        using var table = Some.Table(Dim, ScalarType.Float32, 1);
        var before = graph.Parameters.Values.ToArray();
        graph.Forward(table, [0], PassMode.Train);
        graph.OutputGradient.fill_(Scalars.Of(0.5));
        graph.Backward(graph.OutputGradient);
        natural.Step(graph.Parameters, Rate, 1);

        using var row = Tensor.From(Some.Floats(Dim, seed: 3), 1, Dim);
        var change = graph.Parameters.Values.ToArray().Zip(before).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
        Assert.Equal(Rate * row.Norm() * 0.5 * 3, Math.Sqrt(change), 1e-5);
    }

    [Theory]
    [InlineData(0.02, 0, 0)]
    [InlineData(0, 0.03, 0)]
    [InlineData(0.02, 0.025, 0.5)]
    public void Changes_are_limited_by_layer_and_in_all(double maxChange, double maxParamChange, double momentum)
    {
        var options = new NaturalGradientOptions { MaxChange = maxChange, MaxParamChange = maxParamChange, Momentum = momentum };
        using var natural = new NaturalGradient(options);
        using var graph = Graph([Some.Affine(7, Activation.Sigmoid), Some.Affine(5)], natural);
        for (var step = 0; step < 3; step++)
        {
            var before = graph.Parameters.Values.ToArray();
            Step(graph, natural, rate: 10);
            var after = graph.Parameters.Values.ToArray();
            var norms = graph.Parameters.Slices.GroupBy(slice => slice.Node).Select(node => Math.Sqrt(node.Sum(slice => Enumerable
                .Range((int)slice.Offset, (int)slice.Count).Sum(i => Math.Pow(after[i] - (double)before[i], 2))))).ToList();
            var all = Math.Sqrt(norms.Sum(norm => norm * norm));

            Assert.Equal(2, norms.Count);
            if (maxChange > 0)
                Assert.All(norms, norm => Assert.InRange(norm, 0, maxChange * 1.001));
            Assert.Equal(maxParamChange > 0 ? maxParamChange : maxChange * Math.Sqrt(2), all, 1e-4);
        }
    }

    [Fact]
    public void Momentum_keeps_the_size_of_steps()
    {
        // With the same gradient n times a step has 1 - momentum^n of the plain one.
        using var natural = new NaturalGradient(Unlimited with { Momentum = 0.5, RankIn = 0, RankOut = 0 });
        using var graph = Graph([new LinearSpec(1)], natural);
        for (var step = 1; step <= 4; step++)
        {
            var before = graph.Parameters.Values.ToArray();
            graph.Parameters.Gradients.fill_(Scalars.Of(1));
            natural.Step(graph.Parameters, Rate, 1);
            Assert.Equal(-Rate * (1 - Math.Pow(0.5, step)), graph.Parameters.Values.ToArray()[0] - before[0], 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 0.3, -1.3)]
    [InlineData(0.001, 0.003, -0.013)]
    public void Backstitch_steps_back_and_then_further_forwards_with_limits_that_grow_too(double maxChange, double back, double forward)
    {
        var options = Unlimited with { RankIn = 0, RankOut = 0, BackstitchScale = 0.3, BackstitchInterval = 2, MaxChange = 10 * maxChange };
        using var natural = new NaturalGradient(options);
        using var graph = Graph([new LinearSpec(1)], natural);
        double Moved()
        {
            var before = graph.Parameters.Values.ToArray();
            graph.Parameters.Gradients.fill_(Scalars.Of(1 / Math.Sqrt(Dim)));
            natural.Step(graph.Parameters, rate: 1, frames: 1);
            return (graph.Parameters.Values.ToArray()[0] - (double)before[0]) * Math.Sqrt(Dim);
        }

        Assert.Equal([true, false, true], new long[] { 0, 1, 2 }.Select(natural.IsBackstitchDue));
        natural.BeginBackstitch();
        Assert.Equal(back, Moved(), 1e-5);
        natural.EndBackstitch();
        Assert.Equal(forward, Moved(), 1e-5);
        Assert.Equal(maxChange > 0 ? -0.01 : -1, Moved(), 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void LoadState_continues_as_an_unbroken_run(double momentum)
    {
        BlockSpec[] blocks = [Some.Convolution(3, 4, 0), Some.Affine(7, Activation.Sigmoid), Some.Affine(5)];
        var options = new NaturalGradientOptions { Momentum = momentum };
        using var first = new NaturalGradient(options);
        using var unbroken = Trained(blocks, first, steps: 13);
        using var second = new NaturalGradient(options);
        using var resumed = Graph(blocks, second);
        resumed.Parameters.CopyFrom(unbroken.Parameters.Values.ToArray());
        second.LoadState(first.SaveState(), resumed.Parameters);
        for (var step = 0; step < 3; step++)
        {
            Step(unbroken, first, Rate);
            Step(resumed, second, Rate);
        }

        Assert.Equal(unbroken.Parameters.Values.ToArray(), resumed.Parameters.Values.ToArray());
        Assert.Throws<InputException>(() => second.LoadState(
            new Dictionary<string, HostTensor> { ["natural-gradient.fisher"] = new([1], [1]) }, resumed.Parameters));
    }

    [Fact]
    public void Workers_that_sum_statistics_and_gradients_take_the_step_of_the_whole_batch()
    {
        BlockSpec[] blocks = [Some.Affine(9, Activation.Sigmoid), Some.Affine(5)];
        var optimisers = Enumerable.Range(0, 3).Select(_ => new NaturalGradient(new(), beginsWithBatch: false)).ToList();
        var graphs = optimisers.ConvertAll(optimiser => Graph(blocks, optimiser));
        using var table = Some.Table(Dim, ScalarType.Float32, 20);
        for (var step = 0; step < 12; step++)
        {
            int[][] rows = [[.. Enumerable.Range(0, 12)], [.. Enumerable.Range(12, 8)], [.. Enumerable.Range(0, 20)]];
            foreach (var (worker, graph) in graphs.Index())
            {
                graph.Forward(table, rows[worker], PassMode.Train);
                graph.OutputGradient.copy_(graph.OutputOf("node1"));
                var (end, covered) = (graph.Parameters.StatisticsAndGradients.Count, 0L);
                graph.Backward(graph.OutputGradient, (offset, count) =>
                {
                    Assert.Equal(end, offset + count);
                    (end, covered) = (offset, covered + count);
                });
                Assert.Equal(graph.Parameters.StatisticsAndGradients.Count, covered);
            }

            using var sum = graphs[0].Parameters.StatisticsAndGradients + graphs[1].Parameters.StatisticsAndGradients;
            graphs[0].Parameters.StatisticsAndGradients.copy_(sum);
            graphs[1].Parameters.StatisticsAndGradients.copy_(sum);
            foreach (var (worker, graph) in graphs.Index())
                optimisers[worker].Step(graph.Parameters, Rate, 20);
        }

        var models = graphs.ConvertAll(graph => graph.Parameters.Values.ToArray());
        Assert.Equal(models[0], models[1]);
        Assert.All(models[0].Zip(models[2]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        graphs.ForEach(graph => graph.Dispose());
        optimisers.ForEach(optimiser => optimiser.Dispose());
    }

    private static LayerGraph Graph(BlockSpec[] blocks, IOptimiser optimiser)
    {
        var graph = new LayerGraph(Some.Graph(Dim, blocks), Device.Cpu, preconditioner: optimiser as IGradientPreconditioner);
        graph.Initialise(1);
        return graph;
    }

    private static LayerGraph Trained(BlockSpec[] blocks, IOptimiser optimiser, int steps)
    {
        var graph = Graph(blocks, optimiser);
        for (var step = 0; step < steps; step++)
            Step(graph, optimiser, Rate);
        return graph;
    }

    // The gradient of half the sum of squares of the outputs less one.
    private static void Step(LayerGraph graph, IOptimiser optimiser, double rate)
    {
        using var table = Some.Table(Dim, ScalarType.Float32, 7, 5, 4);
        var (rows, layout) = Some.Packed(7, 5, 4);
        graph.Forward(table, rows, PassMode.Train, layout);
        graph.OutputGradient.copy_(graph.OutputOf(graph.Spec.Nodes[^1].Name)).sub_(Scalars.Of(1));
        graph.Backward(graph.OutputGradient);
        optimiser.Step(graph.Parameters, rate, rows.Length);
    }
}
