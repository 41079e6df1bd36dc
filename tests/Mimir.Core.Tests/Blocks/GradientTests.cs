using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

/// <summary>Every block's backward pass against finite differences, in double precision on the reference route.</summary>
public sealed class GradientTests
{
    private const int Dim = 5, Classes = 4, Frames = 9;

    public static TheoryData<string, BlockSpec[]> Graphs => new()
    {
        { "affine", [Some.Affine(Classes)] },
        { "sigmoid", [Some.Affine(7, Activation.Sigmoid), Some.Affine(Classes)] },
        { "tanh", [Some.Affine(7, Activation.Tanh), Some.Affine(Classes)] },
        { "relu", [Some.Affine(7, Activation.Relu), Some.Affine(Classes)] },
        { "splice", [new SpliceSpec([-2, 0, 1]), Some.Affine(6, Activation.Sigmoid), Some.Affine(Classes)] },
        { "shift and scale", [Some.Affine(3), new AddShiftSpec([1, -2, 3]), new RescaleSpec([2, 0.5f, -1]), Some.Affine(Classes)] },
        {
            "learning shift and scale",
            [
                Some.Affine(3),
                new AddShiftSpec([1, -2, 3]) { LearnRateCoef = 1 },
                new RescaleSpec([2, 0.5f, -1]) { LearnRateCoef = 1 },
                Some.Affine(Classes),
            ]
        },
        {
            "parametric relu",
            [
                Some.Affine(6),
                new ParametricReluSpec { AlphaLearnRateCoef = 1, BetaLearnRateCoef = 1 },
                Some.Affine(Classes),
            ]
        },
        { "linear", [Some.Affine(6, Activation.Tanh), new LinearSpec(7) { ParamStddev = 0.4f }, Some.Affine(Classes)] },
        { "copy", [Some.Affine(6, Activation.Tanh), new CopySpec([5, 0, 0, 3]), Some.Affine(Classes)] },
        { "sigmoid apart", [Some.Affine(6), new ActivationSpec(Activation.Sigmoid), Some.Affine(Classes)] },
        { "tanh apart", [Some.Affine(6), new ActivationSpec(Activation.Tanh), Some.Affine(Classes)] },
        { "relu apart", [Some.Affine(6), new ActivationSpec(Activation.Relu), Some.Affine(Classes)] },
        { "batch norm", [Some.Affine(6), new BatchNormSpec(), Some.Affine(Classes)] },
        { "layer norm", [Some.Affine(6), new LayerNormSpec(), Some.Affine(Classes)] },
        { "layer norm first", [new LayerNormSpec { Epsilon = 0.1f }, Some.Affine(Classes)] },
        { "dropout", [Some.Affine(6, Activation.Tanh), new DropoutSpec(0.3f), Some.Affine(Classes)] },
        { "softmax within", [Some.Affine(6), new SoftmaxSpec(), Some.Affine(Classes)] },
        { "module", [Some.Affine(6, Activation.Tanh), Module("Gated", ("output-dim", "5")), Some.Affine(Classes)] },
        { "module first", [Module("Gated", ("output-dim", "5")), Some.Affine(Classes)] },
        { "module last", [Some.Affine(6, Activation.Tanh), Module("Gated", ("output-dim", "4"))] },
        { "module with dropout", [Some.Affine(6), Module("Gated", ("output-dim", "5"), ("dropout", "0.4")), Some.Affine(Classes)] },
        { "module with batch norm", [Some.Affine(6), Module("Normed", ("outputs", "5")), Some.Affine(Classes)] },
        { "module with tied and unused parameters", [Some.Affine(6), Module("Tied"), Some.Affine(Classes)] },
        { "module without parameters", [Some.Affine(6), Module("Doubled"), Some.Affine(Classes)] },
        { "pnorm", [Some.Affine(6, Activation.Tanh), new PnormSpec { GroupCount = 3 }, Some.Affine(Classes)] },
        { "pnorm of 3", [Some.Affine(6), new PnormSpec { GroupCount = 2, Power = 3 }, Some.Affine(Classes)] },
        { "maxout", [Some.Affine(6, Activation.Tanh), new MaxoutSpec { GroupCount = 3 }, Some.Affine(Classes)] },
        { "renorm", [Some.Affine(6), new RenormSpec { TargetRms = 0.7f }, Some.Affine(Classes)] },
        { "highway", [Some.Affine(6, Activation.Tanh), new HighwaySpec { GateBias = 0.3f }, Some.Affine(Classes)] },
        { "softmax last", [Some.Affine(6, Activation.Tanh), Some.Affine(Classes), new SoftmaxSpec()] },
    };

    private static RestrictedAttentionSpec Attention => new()
    {
        Heads = 2,
        KeyDim = 3,
        ValueDim = 2,
        Left = 1,
        Right = 2,
        TimeStride = 2,
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Backward_of_each_block_equals_finite_differences(string name, BlockSpec[] blocks)
    {
        Assert.NotEmpty(name);

        AssertGradients(Some.Graph(Dim, blocks));
    }

    [Fact]
    public void Backward_of_branches_that_join_equals_finite_differences()
    {
        var spec = new GraphSpec(Dim,
        [
            new NodeSpec("trunk", Some.Affine(6, Activation.Tanh)),
            new NodeSpec("left", Some.Affine(6, Activation.Sigmoid), ["trunk"]),
            new NodeSpec("right", Some.Affine(6), ["trunk"]),
            new NodeSpec("sum", new SumSpec(), ["left", "right", "trunk"]),
            new NodeSpec("output", Some.Affine(Classes)),
        ]);

        AssertGradients(spec);
    }

    public static TheoryData<string, BlockSpec[]> SequenceGraphs => new()
    {
        { "lstm", [Lstm(4) with { Peepholes = false }, Some.Affine(Classes)] },
        { "lstm with peepholes", [Lstm(4), Some.Affine(Classes)] },
        { "lstm with projection", [Lstm(4) with { Peepholes = false, Projection = 3 }, Some.Affine(Classes)] },
        { "lstm with both", [Lstm(4) with { Projection = 3 }, Some.Affine(Classes)] },
        { "two lstms", [Lstm(4) with { Projection = 3 }, Lstm(3), Some.Affine(Classes)] },
        { "gru", [new GruSpec(4) { ParamRange = 0.8f }, Some.Affine(Classes)] },
        { "two grus", [new GruSpec(4) { ParamRange = 0.8f }, new GruSpec(3), Some.Affine(Classes)] },
        { "statistics", [Some.Affine(6, Activation.Tanh), new StatisticsPoolingSpec(), Some.Affine(Classes)] },
        {
            "statistics of a window",
            [
                Some.Affine(6, Activation.Tanh),
                new StatisticsPoolingSpec { Left = 2, Right = 1, VarianceFloor = 1e-3f },
                Some.Affine(Classes),
            ]
        },
        {
            "means alone",
            [Some.Affine(6, Activation.Tanh), new StatisticsPoolingSpec { Right = 0, HasDeviation = false }, Some.Affine(Classes)]
        },
        { "restricted attention", [Some.Affine(Attention.InputDim), Attention, Some.Affine(Classes)] },
        {
            "restricted attention without context",
            [Some.Affine(Attention.InputDim), Attention with { OutputsContext = false, KeyScale = 0.3f }, Some.Affine(Classes)]
        },
        { "conformer", [Some.Affine(4, Activation.Tanh), new ConformerSpec { Heads = 2, Kernel = 3 }, Some.Affine(Classes)] },
        { "tdnn", [Some.Affine(6, Activation.Tanh), Some.Tdnn(5, -2, 0, 1), Some.Affine(Classes)] },
        { "tdnn first", [Some.Tdnn(6, -1, 1) with { Activation = Activation.Sigmoid }, Some.Affine(Classes)] },
        { "tdnn of one frame", [Some.Affine(6), Some.Tdnn(5, 0) with { Activation = Activation.Tanh }, Some.Affine(Classes)] },
        { "tdnn without bias", [Some.Affine(6), Some.Tdnn(3, -1, 0) with { HasBias = false }, Some.Affine(Classes)] },
        {
            "tdnn with stride",
            [
                Some.Affine(6, Activation.Tanh),
                Some.Tdnn(5, -1, 0, 2) with { Stride = 2, Activation = Activation.Sigmoid },
                Some.Affine(Classes),
            ]
        },
        { "tdnn with a long stride", [Some.Affine(6), Some.Tdnn(5, 0) with { Stride = 3 }, Some.Tdnn(Classes, -1, 0)] },
        {
            "memory",
            [
                Some.Affine(6, Activation.Tanh),
                new DfsmnMemorySpec { Left = 2, Right = 1, ParamStddev = 0.5f },
                Some.Affine(Classes),
            ]
        },
        {
            "memory with strides",
            [
                Some.Affine(6),
                new DfsmnMemorySpec { Left = 1, Right = 2, LeftStride = 2, RightStride = 3, ParamStddev = 0.5f },
                Some.Affine(Classes),
            ]
        },
        {
            "convolution",
            [
                Some.Affine(6, Activation.Tanh),
                Some.Convolution(3, 2, -1, 0, 2) with { Activation = Activation.Sigmoid },
                Some.Affine(Classes),
            ]
        },
        { "convolution first", [Some.Convolution(5, 2, 0), Some.Affine(Classes)] },
        {
            "convolution with stride",
            [
                Some.Affine(10),
                Some.Convolution(5, 3, 0, 1) with { KernelHeight = 3, Stride = 2, Padding = 1 },
                Some.Affine(Classes),
            ]
        },
        {
            "convolution with padding",
            [
                Some.Affine(8),
                Some.Convolution(4, 2, -1, 0) with { KernelHeight = 4, Stride = 3, Padding = 3 },
                Some.Affine(Classes),
            ]
        },
        {
            "max-pool",
            [
                Some.Affine(10),
                new MaxPoolSpec { Height = 5, TimeOffsets = [0], KernelHeight = 2, Stride = 2 },
                Some.Affine(Classes),
            ]
        },
        {
            "max-pool over time",
            [
                Some.Affine(6),
                new MaxPoolSpec { Height = 3, TimeOffsets = [-1, 0, 1], KernelHeight = 2, Stride = 1 },
                Some.Affine(Classes),
            ]
        },
        { "latency-controlled blstm", [new LcBlstmSpec(Both(3), 2, 1), Some.Affine(Classes)] },
        {
            "latency-controlled blstm above",
            [
                Some.Affine(4, Activation.Tanh),
                new LcBlstmSpec(Lstm(2) with { Projection = 2 }, 1, 2),
                new LcBlstmSpec(Lstm(2), 3, 0),
                Some.Affine(Classes),
            ]
        },
        { "blstm", [Both(3), Some.Affine(Classes)] },
        { "blstm with projection", [Some.Affine(6, Activation.Tanh), Both(3, projection: 2), Both(2), Some.Affine(Classes)] },
    };

    [Theory]
    [MemberData(nameof(SequenceGraphs))]
    public void Backward_of_each_recurrent_block_equals_finite_differences(string name, BlockSpec[] blocks)
    {
        Assert.NotEmpty(name);

        AssertGradients(Some.Graph(Dim, blocks), 4, 3, 2);
    }

    [Fact]
    public void Backward_of_inputs_side_by_side_equals_finite_differences()
    {
        var spec = new GraphSpec(Dim,
        [
            new NodeSpec("left", Some.Affine(3, Activation.Sigmoid), ["input"]),
            new NodeSpec("right", Some.Affine(4, Activation.Tanh), ["left"]),
            new NodeSpec("both", new AppendSpec(), ["right", "left"]),
            new NodeSpec("output", Some.Affine(Classes)),
        ]);

        AssertGradients(spec);
    }

    [Fact]
    public void Backward_of_a_sum_with_scales_equals_finite_differences()
    {
        var spec = new GraphSpec(Dim,
        [
            new NodeSpec("trunk", Some.Affine(6, Activation.Tanh)),
            new NodeSpec("branch", Some.Affine(6, Activation.Sigmoid)),
            new NodeSpec("sum", new SumSpec { Scales = [0.66f, -2] }, ["trunk", "branch"]),
            new NodeSpec("output", Some.Affine(Classes)),
        ]);

        AssertGradients(spec);
    }

    // Clipping and finite differences do not agree where it acts; its formulas are tested against nnet1's results.
    private static LstmSpec Lstm(int cells) => new(cells) { ParamRange = 0.8f };

    private static BlstmSpec Both(int cells, int projection = 0) => new(cells) { ParamRange = 0.8f, Projection = projection };

    private static ModuleSpec Module(string type, params (string Key, string Value)[] options) => SomeModules.Spec(type, options);

    private static void AssertGradients(GraphSpec spec, params int[] sequences)
    {
        const double Step = 1e-5;
        using var graph = new LayerGraph(spec, Device.Cpu, ScalarType.Float64);
        using var table = Some.Table(Dim, ScalarType.Float64, sequences.Length == 0 ? [4, Frames - 4] : sequences);
        var (rows, layout) = sequences.Length == 0 ? (Some.Rows(Frames), null) : Some.Packed(sequences);
        graph.Initialise(5);
        var targets = Some.Targets(Frames, Classes);
        var weights = Some.Floats(Frames, 8).Select(MathF.Abs).ToArray();

        Loss(graph, table, targets, weights, graph.Forward(table, rows, PassMode.Train, layout), graph.OutputGradient);
        graph.Backward(graph.OutputGradient);

        var values = new double[graph.Parameters.Count];
        var gradients = new double[values.Length];
        graph.Parameters.Values.CopyTo(values);
        graph.Parameters.Gradients.CopyTo(gradients);
        foreach (var slice in graph.Parameters.Slices.Where(slice => slice.IsTrained))
        {
            for (var i = slice.Offset; i < slice.Offset + slice.Count; i++)
            {
                var expected = (LossAt(values, i, Step) - LossAt(values, i, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - gradients[i]) < 1e-6 * (1 + Math.Abs(expected)),
                    $"{slice.Name}[{i - slice.Offset}]: {gradients[i]} is not {expected}");
            }
        }

        double LossAt(double[] around, long index, double step)
        {
            var moved = (double[])around.Clone();
            moved[index] += step;
            graph.Parameters.Values.CopyFrom(moved);
            graph.Step = 0;
            return Loss(graph, table, targets, weights, graph.Forward(table, rows, PassMode.Train, layout), null);
        }
    }

    private static double Loss(LayerGraph graph, FrameTable table, int[] targets, float[] weights, Tensor logits, Tensor? gradient)
    {
        Assert.Equal(graph.InputDim, table.Dim);
        return CrossEntropy.Evaluate(logits, targets, weights, gradient).Loss;
    }
}
