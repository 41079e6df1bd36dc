using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class LcBlstmTests
{
    [Fact]
    public void LcBlstm_of_chunks_as_long_as_the_sequences_is_a_blstm()
    {
        using var whole = Graph(new BlstmSpec(4) { Projection = 3, ParamRange = 0.7f });
        using var chunked = Graph(new LcBlstmSpec(new BlstmSpec(4) { Projection = 3, ParamRange = 0.7f }, 7, 0));
        using var table = Some.Table(5, ScalarType.Float64, 7, 4);
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
        using var table = Some.Table(5, ScalarType.Float64, 11);
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

    private static LayerGraph Graph(BlockSpec block)
    {
        var graph = new LayerGraph(Some.Graph(5, block), Device.Cpu, ScalarType.Float64);
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
