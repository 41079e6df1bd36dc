using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Models;
using Mimir.Core.Optimisers;
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
    public void Constructor_of_an_unknown_input_names_it()
    {
        var spec = new GraphSpec(4, [new NodeSpec("first", Some.Affine(3), ["nowhere"])]);

        var error = Assert.Throws<InputException>(() => new LayerGraph(spec, Device.Cpu));

        Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_of_a_splice_repeats_the_ends_of_an_utterance()
    {
        using var graph = new LayerGraph(Some.Graph(1, SpliceSpec.Context(2, 1)), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 10, 20], 1, [3, 2]);

        var spliced = graph.Forward(table, [0, 2, 3], PassMode.Evaluate).ToArray();

        Assert.Equal([1, 1, 1, 2, 1, 2, 3, 3, 10, 10, 10, 20], spliced);
    }

    [Fact]
    public void Backward_tells_of_every_gradient_once_from_the_end_and_when_it_is_final()
    {
        using var graph = new LayerGraph(Some.Graph(5, Some.Affine(8, Activation.Sigmoid), Some.Affine(6), Some.Affine(3)), Device.Cpu);
        using var table = Some.Table(5, ElementType.Real32, 40);
        graph.Initialise(1);
        graph.Forward(table, Some.Rows(40), PassMode.Train);
        graph.OutputGradient.Fill(1);
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
        using var table = Some.Table(5, ElementType.Real32, 40);
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

    [Fact]
    public void Forward_of_dropout_follows_seed_and_step_alone()
    {
        using var graph = new LayerGraph(Some.Graph(50, new DropoutSpec(0.25f)), Device.Cpu) { Seed = 3 };
        using var table = new FrameTable(Device.Cpu, Enumerable.Repeat(1f, 50 * 200).ToArray(), 50, [200]);
        float[] Pass() => graph.Forward(table, Some.Rows(200), PassMode.Train).ToArray();

        var first = Pass();
        var second = Pass();
        graph.Step = 0;
        var again = Pass();

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.All(first, value => Assert.Contains(value, new[] { 0, 1 / 0.75f }));
        Assert.Equal(0.25, first.Count(value => value == 0) / 10000.0, 0.02);
        Assert.All(graph.Forward(table, Some.Rows(200), PassMode.Evaluate).ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Forward_of_batch_norm_evaluates_with_what_training_saw()
    {
        using var graph = new LayerGraph(Some.Graph(3, new BatchNormSpec { Momentum = 1, Epsilon = 1e-10f }), Device.Cpu);
        using var table = Some.Table(3, ElementType.Real32, 60);
        graph.Initialise(1);

        var trained = graph.Forward(table, Some.Rows(60), PassMode.Train).ToArray();
        var evaluated = graph.Forward(table, Some.Rows(60), PassMode.Evaluate).ToArray();

        Assert.Equal(0, trained.Average(), 1e-5);
        Assert.Equal(1, trained.Average(x => (double)x * x), 1e-4);
        Assert.All(Enumerable.Range(0, trained.Length), i => Assert.Equal(trained[i], evaluated[i], 1e-5f));
    }

    [Fact]
    public void FusedStep_equals_backward_and_sgd()
    {
        var spec = Some.Graph(6,
            Some.Affine(20, Activation.Relu) with { LearnRateCoef = 0.5f, MaxNorm = 1 }, new BatchNormSpec(), Some.Affine(9) with { BiasLearnRateCoef = 0.1f });
        using var apart = new LayerGraph(spec, Device.Cpu);
        using var joint = new LayerGraph(spec, Device.Cpu);
        using var table = Some.Table(6, ElementType.Real32, 50);
        using var sgd = new Sgd(new SgdOptions());
        var fused = new FusedStep(joint);
        apart.Initialise(2);
        joint.Initialise(2);

        for (var step = 0; step < 5; step++)
        {
            CrossEntropy.Evaluate(apart.Forward(table, Some.Rows(50), PassMode.Train), Some.Targets(50, 9), [], apart.OutputGradient);
            CrossEntropy.Evaluate(joint.Forward(table, Some.Rows(50), PassMode.Train), Some.Targets(50, 9), [], joint.OutputGradient);
            apart.Backward(apart.OutputGradient);
            sgd.Step(apart.Parameters, 0.01, 50);
            fused.Backward(joint.OutputGradient, 0.01);
        }

        var expected = apart.Parameters.Values.ToArray();
        var actual = joint.Parameters.Values.ToArray();
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 1e-4f));
    }

    [Fact]
    public void Json_of_a_graph_reads_back_as_the_same_graph()
    {
        var spec = new GraphSpec(3,
        [
            new NodeSpec("splice", SpliceSpec.Context(1, 1)), new NodeSpec("shift", new AddShiftSpec([1, 2, 3, 4, 5, 6, 7, 8, 9])),
            new NodeSpec("affine", Some.Affine(4, Activation.Tanh)), new NodeSpec("norm", new BatchNormSpec()),
            new NodeSpec("drop", new DropoutSpec(0.5f)), new NodeSpec("sum", new SumSpec(), ["drop", "norm"]), new NodeSpec("softmax", new SoftmaxSpec()),
        ]);

        var again = GraphSpec.FromJson(spec.ToJson());

        Assert.Equal(spec.ToJson(), again.ToJson());
        Assert.Equal(spec.Nodes[2].Block, again.Nodes[2].Block);
    }

    [Fact]
    public void FromJson_of_an_unknown_key_says_where()
    {
        var json = Some.Graph(3, Some.Affine(2)).ToJson().Replace("biasMean", "biasMeen", StringComparison.Ordinal);

        var error = Assert.Throws<InputException>(() => GraphSpec.FromJson(json, "graph.json"));

        Assert.Contains("biasMeen", error.Message, StringComparison.Ordinal);
    }
}
