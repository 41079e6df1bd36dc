using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class SelfRepairTests
{
    private const int Dim = 4;

    // Biases that leave the first unit off or saturated, and the second one always on.
    [Theory]
    [InlineData(Activation.Sigmoid, 0.02)]
    [InlineData(Activation.Tanh, 0.02)]
    [InlineData(Activation.Relu, -0.02)]
    public void Gradients_of_bad_units_have_a_term_in_half_of_the_passes(Activation activation, double sign)
    {
        foreach (var useReference in new[] { false, true })
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            foreach (var block in new BlockSpec[] { Some.Affine(3, activation), Some.Tdnn(3, 0) with { Activation = activation } })
                Check(block, activation, sign);
        }
    }

    [Fact]
    public void Statistics_that_are_saved_go_on()
    {
        using var whole = Graph(Some.Affine(3, Activation.Relu), 0.01);
        using var resumed = Graph(Some.Affine(3, Activation.Relu), 0.01);
        Gradient(whole);
        Gradient(whole);
        resumed.SetRepairs(whole.CopyRepairs());
        resumed.Step = whole.Step;

        Assert.Equal(Gradient(whole), Gradient(resumed));
        Assert.Equal(whole.CopyRepairs()["node0"], resumed.CopyRepairs()["node0"]);
        Assert.Throws<Mimir.Base.InputException>(() => resumed.SetRepairs(new Dictionary<string, float[]> { ["node0"] = [1] }));
    }

    private static void Check(BlockSpec block, Activation activation, double sign)
    {
        using var plain = Graph(block, 0);
        using var repaired = Graph(block, 0.01);
        var differing = 0;
        for (var step = 0; step < 8; step++)
        {
            var (without, with) = (Gradient(plain), Gradient(repaired));

            // The biases follow the weights: unit 0 is repaired, unit 2 is well.
            var bias = with[^3..].Zip(without[^3..]).Select(pair => pair.First - pair.Second).ToArray();
            Assert.Equal(0, bias[2], 1e-5);
            if (Math.Abs(bias[0]) < 1e-5)
                continue;
            differing++;
            var y = Outputs(repaired);
            var expected = activation switch
            {
                Activation.Sigmoid => y.Sum(row => (2 * row) - 1),
                Activation.Tanh => y.Sum(),
                _ => y.Length,
            };
            Assert.Equal(sign * expected, bias[0], 1e-4);
        }

        Assert.InRange(differing, 1, 7);
    }

    private static float[] Outputs(LayerGraph graph) =>
        [.. graph.OutputOf("node0").ToArray().Where((_, i) => i % 3 == 0)];

    private static LayerGraph Graph(BlockSpec block, double scale)
    {
        var graph = new LayerGraph(Some.Graph(Dim, block), Device.Cpu) { Seed = 3 };
        graph.Initialise(1);
        var values = graph.Parameters.Values.ToArray();
        Array.Fill(values, 0.01f);
        (values[^3], values[^2], values[^1]) = (-9, 0.01f, 0);
        for (var i = 0; i < Dim; i++)
            values[(2 * Dim) + i] = i % 2 == 0 ? 0.3f : -0.3f;
        graph.Parameters.CopyFrom(values);
        graph.SetSelfRepair(scale);
        return graph;
    }

    private static float[] Gradient(LayerGraph graph)
    {
        using var table = Some.Table(Dim, ScalarType.Float32, 30);
        graph.Forward(table, Some.Rows(30), PassMode.Train);
        graph.OutputGradient.fill_(Scalars.Of(0.1));
        graph.Backward(graph.OutputGradient);
        return graph.Parameters.Gradients.ToArray();
    }
}
