using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Evaluation;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Evaluation;

public sealed class SequenceForwardTests
{
    private const int Dim = 4;
    private static readonly int[] Lengths = [25, 0, 60, 7, 33, 60];

    [Theory]
    [InlineData(10, null, 0)]
    [InlineData(1, null, 0)]
    [InlineData(500, null, 0)]
    [InlineData(10, 60, 0)]
    [InlineData(10, 60, 4)]
    public void Chunks_with_the_state_or_all_of_the_past_give_an_lstm_what_whole_utterances_give(int chunk, int? left, int right)
    {
        using var graph = Graph(new LstmLayer { Block = new(6) { Projection = 5, ParamRange = 0.5f }, Repeat = 2 });

        AssertClose(Outputs(graph, new()), Outputs(graph, new() { Chunk = chunk, LeftContext = left, RightContext = right }));
    }

    [Fact]
    public void Chunks_with_context_come_close_to_what_whole_utterances_give_a_blstm()
    {
        using var graph = Graph(new BlstmLayer { Block = new(6) { ParamRange = 0.5f } });
        var whole = Outputs(graph, new());

        AssertClose(whole, Outputs(graph, new() { Chunk = 10, LeftContext = 60, RightContext = 60 }));
        var near = Largest(whole, Outputs(graph, new() { Chunk = 10, LeftContext = 20, RightContext = 20 }));
        var without = Largest(whole, Outputs(graph, new() { Chunk = 10, LeftContext = 0 }));
        Assert.InRange(near, 0, without / 10);
    }

    [Fact]
    public void Utterances_do_not_depend_on_those_beside_them()
    {
        using var graph = Graph(new BlstmLayer { Block = new(6) { ParamRange = 0.5f } });

        AssertClose(Outputs(graph, new()), Outputs(graph, new(), batchFrames: 1));
    }

    private static LayerGraph Graph(LayerRecipe layer)
    {
        var recipe = new Recipe { Features = new() { Splice = new() { Left = 1, Right = 1 } }, Model = [layer, new SoftmaxLayer()] };
        var graph = new LayerGraph(ModelBuilder.Build(recipe, Dim, 3, null), Device.Cpu);
        graph.Initialise(3);
        return graph;
    }

    private static FloatMatrix[] Outputs(LayerGraph graph, EvaluateRecipe way, int batchFrames = 100)
    {
        var random = SeededRandom.Of(9, 0);
        float[] features = [.. Enumerable.Range(0, Lengths.Sum() * Dim).Select(_ => (random.BelowExactly(2000) / 500f) - 2)];
        using var table = new FrameTable(Device.Cpu, features, Dim, Lengths);
        return [.. new SequenceForward(graph, way, batchFrames).Run(table, Lengths)];
    }

    private static void AssertClose(FloatMatrix[] expected, FloatMatrix[] actual)
    {
        Assert.Equal(Lengths, actual.Select(output => output.Rows));
        Assert.InRange(Largest(expected, actual), 0, 1e-5);
    }

    private static double Largest(FloatMatrix[] left, FloatMatrix[] right) => left.Zip(right)
        .SelectMany(pair => pair.First.Data.Zip(pair.Second.Data, (a, b) => (double)Math.Abs(a - b))).Max();
}
