using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Train.Tests.Export;

/// <summary>Networks of random parameters by the names of their layers, and what they compute.</summary>
internal static class SomeNetwork
{
    public const int Dim = 3;
    public const int Classes = 5;

    private static readonly int[] Lengths = [1, 7, 20];

    /// <summary>Gets networks of which each has something that the others lack.</summary>
    public static TheoryData<string> Names =>
    [
        "sigmoid", "tanh relu", "relu norm", "none norm relu", "norm sigmoid", "relu norm dropout tanh",
            "sigmoid norm norm relu dropout norm",
        "linear prelu copy apart shift scale", "linear norm prelu norm copy norm shift", "rectified apart",
    ];

    /// <summary>Makes splice, shift and scale, the layers named, the output and a softmax.</summary>
    public static LayerGraph Make(string layers)
    {
        var nodes = new List<NodeSpec>
        {
            new("splice", new SpliceSpec([-2, 0, 1])),
            new("add-shift", new AddShiftSpec([.. Numbers(9, 1)])),
            new("rescale", new RescaleSpec([.. Numbers(9, 2)])),
        };
        foreach (var layer in layers.Split(' '))
        {
            nodes.Add(new($"layer{nodes.Count}", layer switch
            {
                "norm" => new BatchNormSpec(),
                "dropout" => new DropoutSpec(0.25f),
                "linear" => new LinearSpec(8) { ParamStddev = 0.5f },
                "prelu" => new ParametricReluSpec(),
                "copy" => new CopySpec([3, 3, 0, 7, 1, 2, 6, 5]),
                "apart" => new ActivationSpec(Activation.Tanh),
                "rectified" => new ActivationSpec(Activation.Relu),
                "shift" => new AddShiftSpec(Numbers(8, 3)) { LearnRateCoef = 1 },
                "scale" => new RescaleSpec(Numbers(8, 4)) { LearnRateCoef = 1 },
                _ => new AffineSpec
                {
                    OutputDim = 8,
                    Activation = Enum.Parse<Activation>(layer, ignoreCase: true),
                    ParamStddev = 0.5f,
                    BiasMean = 0
                },
            }));
        }

        nodes.Add(new("output", new AffineSpec { OutputDim = Classes, ParamStddev = 0.5f, BiasLearnRateCoef = 0.1f }));
        nodes.Add(new("softmax", new SoftmaxSpec()));
        var graph = new LayerGraph(new GraphSpec(Dim, nodes), Device.Cpu);
        graph.Initialise(1);
        for (var i = 0; i < graph.Parameters.Slices.Count; i++)
        {
            var slice = graph.Parameters.Slices[i];
            var numbers = Numbers((int)slice.Count, i);
            if (slice.Name.EndsWith("variance", StringComparison.Ordinal))
                graph.Parameters.ValueOf(i).CopyFrom(Array.ConvertAll(numbers, value => (value * value) + 0.1f));
            else if (slice.Name.Contains("running", StringComparison.Ordinal) || slice.Name.Contains("gamma", StringComparison.Ordinal)
                || slice.Name.Contains("beta", StringComparison.Ordinal))
                graph.Parameters.ValueOf(i).CopyFrom(numbers);
        }

        return graph;
    }

    /// <summary>The frames of three utterances, one behind the other.</summary>
    public static float[] Frames(int dim = Dim) => Numbers(Lengths.Sum() * dim, 7);

    /// <summary>The frames of one of them.</summary>
    public static float[] Frames(Range frames) => Frames()[(frames.Start.Value * Dim)..(frames.End.Value * Dim)];

    public static float[] Posteriors(LayerGraph graph, float[] frames, params int[] lengths)
    {
        using var table = new FrameTable(Device.Cpu, frames, graph.InputDim, lengths.Length == 0 ? Lengths : lengths);
        return graph.Posteriors(table, [.. Enumerable.Range(0, frames.Length / graph.InputDim)]).ToArray();
    }

    public static float Largest(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(actual, value => Assert.True(float.IsFinite(value)));
        return expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}
