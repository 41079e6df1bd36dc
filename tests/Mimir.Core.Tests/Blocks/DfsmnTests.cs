using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class DfsmnTests
{
    [Fact]
    public void Memory_adds_weighted_frames_and_nothing_beyond_the_ends()
    {
        int[] lengths = [4, 1];
        using var graph = new LayerGraph(Some.Graph(1, new DfsmnMemorySpec { Left = 1, Right = 1, LeftStride = 2 }), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 4, 50], 1, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([0.5f, 10, 100]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([1.5f + 200, 75, 3 + 300, 4.5f + 10 + 400, 6 + 20], output);
    }
}
