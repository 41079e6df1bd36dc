using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Blocks;

/// <summary>The fast CPU kernels against the reference formulas, at sizes that fill no vector, and at 1 and 2 threads.</summary>
[Collection("threads")]
public sealed class FastRouteTests
{
    [KernelTheory]
    [InlineData(1, Activation.Sigmoid)]
    [InlineData(7, Activation.Tanh)]
    [InlineData(33, Activation.Relu)]
    [InlineData(131, Activation.Sigmoid)]
    [InlineData(300, Activation.None)]
    public void Pass_on_the_fast_route_equals_the_reference(int frames, Activation activation)
    {
        var reference = Pass(frames, activation, threads: 1, useReference: true);
        var exact = Pass(frames, activation, threads: 1, useReference: true, ScalarType.Float64);
        var referenceError = Error(exact.Gradients, reference.Gradients);

        foreach (var threads in new[] { 1, 2, 3 })
        {
            var fast = Pass(frames, activation, threads, useReference: false);

            Assert.Equal(reference.Loss.Loss, fast.Loss.Loss, 1e-3);
            Assert.Equal(reference.Loss.Correct, fast.Loss.Correct);
            AssertClose(reference.Logits, fast.Logits, 2e-5f);

            // The sums of single-precision gradients depend on the order of the products, which libraries choose by processor.
            Assert.InRange(Error(exact.Gradients, fast.Gradients), 0, (2 * referenceError) + 1e-5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pass_repeated_with_the_same_threads_gives_the_same_bits(int threads)
    {
        var first = Pass(256, Activation.Sigmoid, threads, useReference: false);

        for (var i = 0; i < 5; i++)
        {
            var again = Pass(256, Activation.Sigmoid, threads, useReference: false);

            Assert.Equal(first.Logits, again.Logits);
            Assert.Equal(first.Gradients, again.Gradients);
            Assert.Equal(first.Loss, again.Loss);
        }
    }

    private static (float[] Logits, float[] Gradients, LossResult Loss) Pass(
        int frames, Activation activation, int threads, bool useReference, ScalarType type = ScalarType.Float32)
    {
        const int Classes = 37;
        Threads.Count = threads;
        using var reference = useReference ? new ReferenceRoute() : null;
        using var graph = new LayerGraph(
            Some.Graph(
                13,
                SpliceSpec.Context(2, 2),
                Some.Affine(51, activation),
                new DropoutSpec(0.2f),
                new ParametricReluSpec { AlphaLearnRateCoef = 1, BetaLearnRateCoef = 1 },
                Some.Affine(70, activation),
                Some.Affine(Classes),
                new SoftmaxSpec()),
            Device.Cpu, type);
        using var table = Some.Table(13, type, frames, 3);
        graph.Initialise(11);
        var logits = graph.Forward(table, Some.Rows(frames), PassMode.Train);
        var values = logits.ToArray();
        var weights = Some.Floats(frames, 8).Select(MathF.Abs).ToArray();
        var loss = CrossEntropy.Evaluate(logits, Some.Targets(frames, Classes), weights, graph.OutputGradient);
        graph.Backward(graph.OutputGradient);
        Threads.Count = 1;
        return (values, graph.Parameters.Gradients.ToArray(), loss);
    }

    private static double Error(float[] exact, float[] actual) =>
        exact.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second) / (1.0 + Math.Abs(pair.First)));

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                MathF.Abs(expected[i] - actual[i]) <= tolerance * (1 + MathF.Abs(expected[i])), $"[{i}]: {actual[i]} is not {expected[i]}");
        }
    }
}
