using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Tests.Blocks;

/// <summary>The collector does not know the memory of tensors, so a step must dispose of all that it makes.</summary>
public sealed class TensorLifetimeTests
{
    private const int Dim = 6, Classes = 5;

    public static TheoryData<string, BlockSpec[]> Graphs => new()
    {
        { "affine", [Some.Affine(8, Activation.Sigmoid), Some.Affine(Classes)] },
        { "splice", [new SpliceSpec([-1, 0, 1]), Some.Affine(Classes)] },
        { "parametric relu", [Some.Affine(8), new ParametricReluSpec(), Some.Affine(Classes)] },
        { "batch norm", [Some.Affine(8), new BatchNormSpec(), Some.Affine(Classes)] },
        { "layer norm", [Some.Affine(8), new LayerNormSpec(), Some.Affine(Classes)] },
        { "dropout", [Some.Affine(8), new DropoutSpec { Rate = 0.5f }, Some.Affine(Classes)] },
        { "softmax", [Some.Affine(8), new SoftmaxSpec(), Some.Affine(Classes)] },
        { "tdnn", [Some.Affine(8), Some.Tdnn(7, -1, 0, 2) with { Stride = 2, MaxNorm = 1 }, Some.Affine(Classes)] },
        { "memory", [Some.Affine(8), new DfsmnMemorySpec { Left = 2, Right = 1 }, Some.Affine(Classes)] },
        { "convolution", [Some.Affine(8), Some.Convolution(4, 3, -1, 0) with { Padding = 1 }, Some.Affine(Classes)] },
        {
            "max-pool",
            [Some.Affine(8), new MaxPoolSpec { Height = 4, TimeOffsets = [0, 1], KernelHeight = 2, Stride = 2 }, Some.Affine(Classes)]
        },
        { "lstm", [Some.Affine(8), new LstmSpec(4) { Projection = 3 }, Some.Affine(Classes)] },
        { "blstm", [Some.Affine(8), new BlstmSpec(4), Some.Affine(Classes)] },
        { "gru", [Some.Affine(8), new GruSpec(4), Some.Affine(Classes)] },
        { "latency-controlled blstm", [Some.Affine(8), new LcBlstmSpec(new BlstmSpec(3), 2, 1), Some.Affine(Classes)] },
        {
            "module",
            [
                SomeModules.Spec("Gated", ("output-dim", "8"), ("dropout", "0.3")), SomeModules.Spec("Normed", ("outputs", "7")),
                SomeModules.Spec("Tied"), SomeModules.Spec("Doubled"), Some.Affine(Classes),
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Step_on_the_reference_route_leaves_no_tensor_behind(string name, BlockSpec[] blocks)
    {
        using var route = new ReferenceRoute();

        AssertNoneLeft(name, blocks);
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Step_on_the_fast_route_leaves_no_tensor_behind(string name, BlockSpec[] blocks) => AssertNoneLeft(name, blocks);

    private static void AssertNoneLeft(string name, BlockSpec[] blocks)
    {
        using var graph = new LayerGraph(Some.Graph(Dim, blocks), Device.Cpu);
        int[] lengths = [5, 4, 4, 2];
        using var table = Some.Table(Dim, ScalarType.Float32, lengths);
        var (rows, _) = Some.Packed(lengths);
        var layout = new SequenceLayout(lengths, [0, 1, 2, 3], [true, false, true, false]);
        var targets = Some.Targets(rows.Length, Classes);
        graph.Initialise(5);
        Step();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Step();

        var after = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.True(after == before, $"{name}: {before} tensors before the step, {after} after it");

        void Step()
        {
            var logits = graph.Forward(table, rows, PassMode.Train, layout);
            CrossEntropy.Evaluate(logits, targets, [], graph.OutputGradient);
            graph.Backward(graph.OutputGradient);
        }
    }
}
