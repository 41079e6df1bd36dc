using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class ConvolutionTests
{
    [Fact]
    public void Convolution_repeats_the_ends_in_time_and_pads_frequencies_with_zeros()
    {
        int[] lengths = [2];
        var spec = new ConvolutionSpec { Height = 2, Filters = 1, TimeOffsets = [0, 1], KernelHeight = 3, Padding = 1 };
        using var graph = new LayerGraph(Some.Graph(2, spec), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 4], 2, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([1, 10, 100, 0, 1000, 0, 0.5f]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([210 + 3000 + 0.5f, 21 + 4000 + 0.5f, 430 + 3000 + 0.5f, 43 + 4000 + 0.5f], output);
    }

    [Theory]
    [InlineData(5, 2, 0, "12 values are not 5 frequencies")]
    [InlineData(6, 9, 0, "a window of 9 frequencies")]
    [InlineData(6, 2, 2, "a window of 2 frequencies")]
    public void Build_of_a_kernel_that_does_not_fit_is_an_error(int height, int kernel, int padding, string expected)
    {
        var spec = Some.Convolution(height, 2, 0) with { KernelHeight = kernel, Padding = padding };

        Assert.Contains(expected, Assert.Throws<InputException>(() => new LayerGraph(Some.Graph(12, spec), Device.Cpu)).Message);
    }
}
