using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

/// <summary>Time in recurrent blocks: carried state, directions, packing.</summary>
public sealed class RecurrentTests
{
    private const int Dim = 5;

    public static TheoryData<BlockSpec> Carriers =>
    [
        new LstmSpec(4) { Projection = 3, ParamRange = 0.7f },
        new LstmSpec(4) { Peepholes = false, ParamRange = 0.7f },
        new GruSpec(4) { ParamRange = 0.7f },
    ];

    [Theory]
    [MemberData(nameof(Carriers))]
    public void Chunks_that_carry_their_state_equal_the_whole_sequence(BlockSpec block)
    {
        using var graph = Graph(block);
        using var table = Some.Table(Dim, ScalarType.Float64, 7, 5);
        var (rows, layout) = Some.Packed(7, 5);
        var whole = Of(graph.Forward(table, rows, PassMode.Evaluate, layout));

        var first = Of(graph.Forward(table, [0, 7, 1, 8, 2, 9], PassMode.Evaluate, new([3, 3], [1, 0], [true, true])));
        var second = Of(graph.Forward(table, [3, 10, 4, 11, 5, 6], PassMode.Evaluate, new([4, 2], [1, 0], [false, false])));

        Assert.Equal(whole[layout.RowOf(0, 1)], first[2]);
        AssertClose(whole[layout.RowOf(1, 2)], first[5]);
        AssertClose(whole[layout.RowOf(0, 6)], second[5]);
        AssertClose(whole[layout.RowOf(1, 4)], second[3]);
    }

    [Fact]
    public void States_that_are_copied_and_restored_continue_the_same()
    {
        using var graph = Graph(new LstmSpec(4) { ParamRange = 0.7f });
        using var table = Some.Table(Dim, ScalarType.Float64, 6);
        graph.Forward(table, [0, 1, 2], PassMode.Evaluate, new([3], [0], [true]));
        var states = graph.CopyStates();
        var expected = Of(graph.Forward(table, [3, 4], PassMode.Evaluate, new([2], [0], [false])));

        using var resumed = Graph(new LstmSpec(4) { ParamRange = 0.7f });
        resumed.SetStates(states, 1);
        var got = Of(resumed.Forward(table, [3, 4], PassMode.Evaluate, new([2], [0], [false])));

        // The state went through single precision.
        for (var i = 0; i < got.Length; i++)
            Assert.All(got[i].Zip(expected[i]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.Throws<InputException>(() => resumed.SetStates(states, 2));
    }

    [Fact]
    public void The_backward_half_is_the_forward_one_on_reversed_frames()
    {
        using var graph = Graph(new BlstmSpec(3) { ParamRange = 0.7f });
        var half = graph.Parameters.Count / 2;
        var values = new double[2 * half];
        graph.Parameters.Values.CopyTo(values);
        values.AsSpan(0, (int)half).CopyTo(values.AsSpan((int)half));
        graph.Parameters.Values.CopyFrom(values);
        using var table = Some.Table(Dim, ScalarType.Float64, 6, 4);
        var (rows, layout) = Some.Packed(6, 4);
        var forward = Of(graph.Forward(table, rows, PassMode.Evaluate, layout));

        var reversed = new int[rows.Length];
        for (var s = 0; s < layout.Sequences; s++)
        {
            for (var t = 0; t < layout.Lengths[s]; t++)
                reversed[layout.RowOf(s, layout.Lengths[s] - 1 - t)] = rows[layout.RowOf(s, t)];
        }

        var backward = Of(graph.Forward(table, reversed, PassMode.Evaluate, layout));
        AssertClose(forward[layout.RowOf(1, 3)][..3], backward[layout.RowOf(1, 0)][3..]);
        AssertClose(forward[layout.RowOf(0, 2)][..3], backward[layout.RowOf(0, 3)][3..]);
    }

    [Fact]
    public void A_pass_without_sequences_is_an_error_that_names_the_node()
    {
        using var graph = Graph(new LstmSpec(4));
        using var table = Some.Table(Dim, ScalarType.Float64, 3);

        var error = Assert.Throws<ArgumentException>(() => graph.Forward(table, [0, 1], PassMode.Evaluate));

        Assert.Contains("node0", error.Message, StringComparison.Ordinal);
        Assert.True(graph.NeedsSequences);
    }

    private static LayerGraph Graph(BlockSpec block)
    {
        var graph = new LayerGraph(Some.Graph(Dim, block), Device.Cpu, ScalarType.Float64);
        graph.Initialise(5);
        return graph;
    }

    private static double[][] Of(Tensor matrix)
    {
        var values = new double[matrix.Count];
        matrix.CopyTo(values);
        return [.. values.Chunk(matrix.Columns)];
    }

    private static void AssertClose(double[] expected, double[] got) =>
        Assert.All(got.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
}
