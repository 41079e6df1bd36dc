using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class SpliceTests
{
    [Fact]
    public void Forward_of_a_splice_repeats_the_ends_of_an_utterance()
    {
        using var graph = new LayerGraph(Some.Graph(1, SpliceSpec.Context(2, 1)), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 10, 20], 1, [3, 2]);

        var spliced = graph.Forward(table, [0, 2, 3], PassMode.Evaluate).ToArray();

        Assert.Equal([1, 1, 1, 2, 1, 2, 3, 3, 10, 10, 10, 20], spliced);
    }
}
