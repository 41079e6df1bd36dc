using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Graph;

/// <summary>What blocks that look at other frames give, written out.</summary>
public sealed class TimeBlocksTests
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

    [Fact]
    public void LcBlstm_of_chunks_as_long_as_the_sequences_is_a_blstm()
    {
        using var whole = Graph(new BlstmSpec(4) { Projection = 3, ParamRange = 0.7f });
        using var chunked = Graph(new LcBlstmSpec(new BlstmSpec(4) { Projection = 3, ParamRange = 0.7f }, 7, 0));
        using var table = Some.Table(5, ElementType.Real64, 7, 4);
        var (rows, sequences) = Some.Packed(7, 4);

        Assert.Equal(
            Of(whole.Forward(table, rows, PassMode.Evaluate, sequences)),
            Of(chunked.Forward(table, rows, PassMode.Evaluate, sequences)));
    }

    [Fact]
    public void LcBlstm_needs_a_chunk_and_its_context_and_no_more()
    {
        const int Chunk = 3, Context = 2, Half = 4;
        using var graph = Graph(new LcBlstmSpec(new LstmSpec(Half) { ParamRange = 0.7f }, Chunk, Context));
        using var table = Some.Table(5, ElementType.Real64, 11);
        var whole = Of(graph.Forward(table, Some.Rows(11), PassMode.Evaluate, new([11])));

        for (var begin = 0; begin < 11; begin += Chunk)
        {
            // The chunk alone carries the forward half's state; with its context it gives the backward half.
            var length = Math.Min(Chunk, 11 - begin);
            var ahead = Of(graph.Forward(
                table, [.. Enumerable.Range(begin, length)], PassMode.Evaluate, new([length], [0], [begin == 0])));
            var seen = Math.Min(Chunk + Context, 11 - begin);
            var back = Of(graph.Forward(table, [.. Enumerable.Range(begin, seen)], PassMode.Evaluate, new([seen])));

            for (var t = 0; t < length; t++)
            {
                for (var c = 0; c < Half; c++)
                {
                    Assert.Equal(whole[((begin + t) * 2 * Half) + c], ahead[(t * 2 * Half) + c], 1e-12);
                    Assert.Equal(whole[((begin + t) * 2 * Half) + Half + c], back[(t * 2 * Half) + Half + c], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void Json_of_every_block_reads_back_as_the_same_graph()
    {
        var spec = Some.Graph(
            12, new LayerNormSpec(), Some.Convolution(6, 2, -1, 0), new MaxPoolSpec { Height = 5, TimeOffsets = [0], KernelHeight = 2, Stride = 2 },
            new DfsmnMemorySpec { Left = 2, Right = 1 }, Some.Tdnn(4, -1, 1) with { Orthonormal = -1, HasBias = false },
            new LcBlstmSpec(new LstmSpec(3) { ForgetBias = 1 }, 4, 2), new SumSpec { Scales = [0.5f] });

        var json = GraphSpec.FromJson(spec.ToJson()).ToJson();

        Assert.Equal(spec.ToJson(), json);
    }

    [Theory]
    [InlineData(5, 2, 0, "12 values are not 5 frequencies")]
    [InlineData(6, 9, 0, "a window of 9 frequencies")]
    [InlineData(6, 2, 2, "a window of 2 frequencies")]
    public void Build_refuses_a_kernel_that_does_not_fit(int height, int kernel, int padding, string expected)
    {
        var spec = Some.Convolution(height, 2, 0) with { KernelHeight = kernel, Padding = padding };

        Assert.Contains(expected, Assert.Throws<InputException>(() => new LayerGraph(Some.Graph(12, spec), Device.Cpu)).Message);
    }

    private static LayerGraph Graph(BlockSpec block)
    {
        var graph = new LayerGraph(Some.Graph(5, block), Device.Cpu, ElementType.Real64);
        graph.Initialise(9);
        return graph;
    }

    private static double[] Of(Tensor tensor)
    {
        var values = new double[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }
}
