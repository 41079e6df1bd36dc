using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class BatchNormTests
{
    [Fact]
    public void Forward_in_evaluation_uses_the_statistics_of_training()
    {
        using var graph = new LayerGraph(Some.Graph(3, new BatchNormSpec { Momentum = 1, Epsilon = 1e-10f }), Device.Cpu);
        using var table = Some.Table(3, ScalarType.Float32, 60);
        graph.Initialise(1);

        var trained = graph.Forward(table, Some.Rows(60), PassMode.Train).ToArray();
        var evaluated = graph.Forward(table, Some.Rows(60), PassMode.Evaluate).ToArray();

        Assert.Equal(0, trained.Average(), 1e-5);
        Assert.Equal(1, trained.Average(x => (double)x * x), 1e-4);
        Assert.All(Enumerable.Range(0, trained.Length), i => Assert.Equal(trained[i], evaluated[i], 1e-5f));
    }
}
