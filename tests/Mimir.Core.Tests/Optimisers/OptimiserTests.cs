using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Optimisers;

public sealed class OptimiserTests
{
    private const int Frames = 10;
    private const double Rate = 0.02;

    public static TheoryData<SgdOptions> AllSgd => [
        new SgdOptions(), new SgdOptions { Momentum = 0.9f }, new SgdOptions { WeightDecay = 0.01f }, new SgdOptions { L1 = 0.05f },
        new SgdOptions { Momentum = 0.5f, L1 = 0.05f, WeightDecay = 0.01f }, new SgdOptions { MaxGradient = 0.3f },
        new SgdOptions { MaxGradientNorm = 0.5f, Momentum = 0.9f },
    ];

    [Theory]
    [MemberData(nameof(AllSgd))]
    public void Step_of_sgd_follows_nnet1s_rule(SgdOptions options)
    {
        foreach (var useReference in new[] { false, true })
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var graph = Graph();
            using var sgd = new Sgd(options);
            var expected = graph.Parameters.Values.ToArray().Select(v => (double)v).ToArray();
            var corrections = new double[expected.Length];

            for (ulong step = 0; step < 4; step++)
            {
                var gradients = Some.Floats(expected.Length, step + 10);
                graph.Parameters.Gradients.CopyFrom(gradients);
                PlainSgd(graph.Parameters.Slices, expected, corrections, gradients, options);
                sgd.Step(graph.Parameters, Rate, Frames);
            }

            AssertClose(expected, graph.Parameters.Values.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(AllSgd))]
    public void Step_of_sgd_cuts_the_gradients_of_a_slice_with_momentum_and_keeps_them_cut(SgdOptions options)
    {
        foreach (var useReference in new[] { false, true })
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var graph = Graph();
            using var parameters = new ParameterStore(
                [.. graph.Parameters.Slices.Select((slice, i) => slice with { GradClip = i % 2 == 0 ? 0.4f : 0 })],
                Device.Cpu, ScalarType.Float32);
            parameters.CopyFrom(graph.Parameters.Values.ToArray());
            using var sgd = new Sgd(options);
            var expected = parameters.Values.ToArray().Select(v => (double)v).ToArray();
            var corrections = new double[expected.Length];

            for (ulong step = 0; step < 4; step++)
            {
                var gradients = Some.Floats(expected.Length, step + 10);
                parameters.Gradients.CopyFrom(gradients);
                PlainSgd(parameters.Slices, expected, corrections, gradients, options);
                sgd.Step(parameters, Rate, Frames);
            }

            AssertClose(expected, parameters.Values.ToArray());
        }
    }

    [Fact]
    public void Step_of_adam_follows_the_paper()
    {
        var options = new AdamOptions { WeightDecay = 0.1f };
        foreach (var useReference in new[] { false, true })
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var graph = Graph();
            using var adam = new Adam(options);
            var expected = graph.Parameters.Values.ToArray().Select(v => (double)v).ToArray();
            var (first, second) = (new double[expected.Length], new double[expected.Length]);

            for (var step = 1; step <= 4; step++)
            {
                var gradients = Some.Floats(expected.Length, (ulong)step);
                graph.Parameters.Gradients.CopyFrom(gradients);
                adam.Step(graph.Parameters, Rate, Frames);
                foreach (var slice in graph.Parameters.Slices)
                {
                    for (var i = slice.Offset; i < slice.Offset + slice.Count; i++)
                    {
                        first[i] = (0.9 * first[i]) + (0.1 * gradients[i]);
                        second[i] = (0.999 * second[i]) + (0.001 * gradients[i] * gradients[i]);
                        expected[i] -= Rate * slice.RateFactor * 0.1 * slice.DecayFactor * expected[i];
                        expected[i] -= Rate * slice.RateFactor * first[i] / (1 - Math.Pow(0.9, step))
                            / (Math.Sqrt(second[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
                    }
                }
            }

            AssertClose(expected, graph.Parameters.Values.ToArray());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LoadState_continues_as_an_unbroken_run(bool useAdam)
    {
        IOptimiser Make() => useAdam ? new Adam(new AdamOptions()) : new Sgd(new SgdOptions { Momentum = 0.9f });
        using var unbroken = Graph();
        using var resumed = Graph();
        var first = Make();
        var second = Make();
        for (ulong step = 0; step < 3; step++)
        {
            unbroken.Parameters.Gradients.CopyFrom(Some.Floats((int)unbroken.Parameters.Count, step));
            first.Step(unbroken.Parameters, Rate, Frames);
        }

        resumed.Parameters.CopyFrom(unbroken.Parameters.Values.ToArray());
        second.LoadState(first.SaveState(), resumed.Parameters);
        foreach (var (graph, optimiser) in new[] { (unbroken, first), (resumed, second) })
        {
            graph.Parameters.Gradients.CopyFrom(Some.Floats((int)graph.Parameters.Count, 99));
            optimiser.Step(graph.Parameters, Rate, Frames);
            (optimiser as IDisposable)?.Dispose();
        }

        Assert.Equal(unbroken.Parameters.Values.ToArray(), resumed.Parameters.Values.ToArray());
    }

    [Fact]
    public void Step_with_a_greatest_norm_scales_rows_back_to_it()
    {
        using var graph = new LayerGraph(Some.Graph(4, Some.Affine(5) with { MaxNorm = 0.5f }), Device.Cpu);
        using var sgd = new Sgd(new SgdOptions());
        graph.Initialise(1);

        sgd.Step(graph.Parameters, 0, 1);

        var norms = graph.Parameters.ValueOf(0).ToArray().Chunk(4).Select(row => Math.Sqrt(row.Sum(w => w * w)));
        Assert.All(norms, norm => Assert.True(norm <= 0.50001));
    }

    [Fact]
    public void LoadState_of_another_model_is_an_error()
    {
        using var graph = Graph();
        using var sgd = new Sgd(new SgdOptions { Momentum = 0.9f });

        var state = new Dictionary<string, HostTensor> { ["sgd.correction"] = new([2], [1, 2]) };

        Assert.Throws<InputException>(() => sgd.LoadState(state, graph.Parameters));
    }

    private static LayerGraph Graph()
    {
        var graph = new LayerGraph(
            Some.Graph(
                7, Some.Affine(13, Activation.Tanh) with { LearnRateCoef = 0.5f }, Some.Affine(6) with { BiasLearnRateCoef = 0.1f }),
            Device.Cpu);
        graph.Initialise(4);
        return graph;
    }

    private static void PlainSgd(
        IReadOnlyList<ParameterSlice> slices, double[] values, double[] corrections, float[] gradients, SgdOptions options)
    {
        var limit = options.MaxGradient > 0 ? options.MaxGradient : double.PositiveInfinity;
        double[] clipped = [.. gradients.Select(g => Math.Clamp(g, -limit, limit))];
        var norm = Math.Sqrt(clipped.Sum(g => g * g));
        if (options.MaxGradientNorm > 0 && norm > options.MaxGradientNorm)
            clipped = [.. clipped.Select(g => g * options.MaxGradientNorm / norm)];

        foreach (var slice in slices)
        {
            var rate = Rate * slice.RateFactor;
            for (var i = slice.Offset; i < slice.Offset + slice.Count; i++)
            {
                corrections[i] = (options.Momentum * corrections[i]) + clipped[i];
                if (slice.GradClip > 0)
                    corrections[i] = Math.Clamp(corrections[i], -slice.GradClip, slice.GradClip);
                values[i] -= rate * options.WeightDecay * Frames * slice.DecayFactor * values[i];
                var shrink = rate * options.L1 * Frames * slice.DecayFactor * Math.Sign(values[i]);
                if (shrink != 0 && (values[i] - (rate * corrections[i]) - shrink > 0) != (values[i] > 0))
                    (values[i], corrections[i]) = (0, 0);
                else
                    values[i] -= shrink;

                values[i] -= rate * corrections[i];
            }
        }
    }

    private static void AssertClose(double[] expected, float[] actual) =>
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 2e-5));
}
