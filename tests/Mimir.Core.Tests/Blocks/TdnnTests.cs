using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class TdnnTests
{
    [Fact]
    public void Forward_takes_frames_of_the_same_sequence_and_repeats_its_ends()
    {
        int[] lengths = [3, 2];
        using var graph = Single(new TdnnSpec { OutputDim = 3, Offsets = [-1, 0, 2] });
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 10, 20], 1, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([1, 1, 3, 10, 10, 20, 1, 2, 3, 10, 20, 20, 2, 3, 3], output);
    }

    [Fact]
    public void Forward_with_a_stride_holds_the_value_of_every_nth_frame()
    {
        int[] lengths = [5, 2];
        using var graph = Single(new TdnnSpec { OutputDim = 1, Offsets = [1], Stride = 2, HasBias = false });
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 4, 5, 10, 20], 1, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([1]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([2, 20, 2, 20, 4, 4, 5], output);
    }

    [Theory]
    [InlineData(0, 1, "at least 1 output and a stride from 1")]
    [InlineData(3, 0, "at least 1 output and a stride from 1")]
    public void Build_of_options_out_of_range_names_the_node(int outputs, int stride, string expected)
    {
        var error = Assert.Throws<InputException>(() => Single(new TdnnSpec { OutputDim = outputs, Offsets = [0], Stride = stride }));

        Assert.Contains($"Node 'node0': a time-delay layer needs {expected}", error.Message);
    }

    [Fact]
    public void Build_of_an_offset_given_twice_is_an_error()
    {
        var error = Assert.Throws<InputException>(() => Single(new TdnnSpec { OutputDim = 1, Offsets = [1, 1] }));

        Assert.Contains("needs offsets, each once, got [1, 1]", error.Message);
    }

    private static LayerGraph Single(TdnnSpec spec) => new(Some.Graph(1, spec), Device.Cpu);
}
