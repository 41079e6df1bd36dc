using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class MaxPoolTests
{
    [Fact]
    public void MaxPool_takes_the_greatest_of_time_and_frequency_in_each_channel()
    {
        int[] lengths = [2];
        var spec = new MaxPoolSpec { Height = 3, TimeOffsets = [-1, 0], KernelHeight = 2, Stride = 2 };
        using var graph = new LayerGraph(Some.Graph(6, spec), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 4, 9, 9, -1, 7, 2, 1, 9, 9], 6, lengths);
        var (rows, sequences) = Some.Packed(lengths);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([3, 4, 3, 7], output);
    }
}
