using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Blocks;

/// <summary>The fast CPU kernels of every block that has some against the reference, at sizes that fill no vector.</summary>
[Collection("threads")]
public sealed class FastBlocksTests
{
    private const int Dim = 13, Classes = 11;

    // Several blocks of rows, some of them runs and some not.
    private static readonly int[] Lengths = [.. Enumerable.Repeat(40, 20), 33, 12, 12, 1];

    public static TheoryData<string, BlockSpec[]> Graphs => new()
    {
        { "batch norm", [Some.Affine(51), new BatchNormSpec(), Some.Affine(Classes)] },
        { "layer norm", [Some.Affine(51), new LayerNormSpec(), Some.Affine(Classes)] },
        { "narrow tdnn", [Some.Affine(21), Some.Tdnn(50, -3, 0, 1) with { Activation = Activation.Relu }, Some.Affine(Classes)] },
        {
            "wide tdnn",
            [
                Some.Affine(300),
                Some.Tdnn(20, -1, 0) with { HasBias = false, ParamStddev = 0.05f },
                Some.Tdnn(40, 0, 2) with { Activation = Activation.Tanh },
                Some.Affine(Classes),
            ]
        },
        { "memory", [Some.Affine(51), new DfsmnMemorySpec { Left = 5, Right = 3, RightStride = 2 }, Some.Affine(Classes)] },
        {
            "convolution",
            [
                Some.Affine(60, Activation.Tanh),
                Some.Convolution(20, 7, -2, 0, 1) with { KernelHeight = 3, Padding = 1, ParamStddev = 0.2f, Activation = Activation.Relu },
                Some.Affine(Classes),
            ]
        },
        {
            "convolution with stride",
            [
                Some.Affine(60),
                Some.Convolution(20, 16, 0, 1) with { KernelHeight = 4, Stride = 3, Padding = 2, ParamStddev = 0.2f },
                Some.Affine(Classes),
            ]
        },
        {
            "max-pool",
            [
                Some.Affine(60),
                new MaxPoolSpec { Height = 10, TimeOffsets = [0, 1], KernelHeight = 3, Stride = 2 },
                Some.Affine(Classes),
            ]
        },
        {
            "latency-controlled blstm",
            [
                Some.Affine(20),
                new LcBlstmSpec(new BlstmSpec(12) { Projection = 9 }, 7, 3),
                Some.Affine(Classes),
            ]
        },
        {
            "tdnn with stride",
            [
                Some.Affine(270),
                Some.Tdnn(30, -1, 0, 4) with { Stride = 3, ParamStddev = 0.05f, Activation = Activation.Sigmoid },
                Some.Affine(Classes),
            ]
        },
    };

    [KernelTheory]
    [MemberData(nameof(Graphs))]
    public void Pass_on_the_fast_route_equals_the_reference(string name, BlockSpec[] blocks)
    {
        Assert.NotEmpty(name);
        var spec = Some.Graph(Dim, blocks);
        var reference = Pass(spec, threads: 1, useReference: true);

        foreach (var threads in new[] { 1, 2, 3 })
        {
            var fast = Pass(spec, threads, useReference: false);
            var again = Pass(spec, threads, useReference: false);

            AssertClose(reference.Logits, fast.Logits, 3e-5f);
            AssertClose(reference.Evaluated, fast.Evaluated, 3e-5f);
            AssertClose(reference.Gradients, fast.Gradients, 2e-4f);
            Assert.Equal(fast.Gradients, again.Gradients);
        }
    }

    private static (float[] Logits, float[] Evaluated, float[] Gradients) Pass(GraphSpec spec, int threads, bool useReference)
    {
        Threads.Count = threads;
        using var reference = useReference ? new ReferenceRoute() : null;
        using var graph = new LayerGraph(spec, Device.Cpu);
        using var table = Some.Table(Dim, ScalarType.Float32, Lengths);
        var (rows, sequences) = Some.Packed(Lengths);
        graph.Initialise(11);
        var logits = graph.Forward(table, rows, PassMode.Train, sequences);
        var values = logits.ToArray();
        CrossEntropy.Evaluate(logits, Some.Targets(rows.Length, Classes), [], graph.OutputGradient);
        graph.Backward(graph.OutputGradient);
        var evaluated = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();
        Threads.Count = 1;
        return (values, evaluated, graph.Parameters.Gradients.ToArray());
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                MathF.Abs(expected[i] - actual[i]) <= tolerance * (1 + MathF.Abs(expected[i])), $"[{i}]: {actual[i]} is not {expected[i]}");
        }
    }
}
