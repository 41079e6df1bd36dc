using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class DropoutTests
{
    [Fact]
    public void Forward_depends_on_seed_and_step_alone()
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
}
