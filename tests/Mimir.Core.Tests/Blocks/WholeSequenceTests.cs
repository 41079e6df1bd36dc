using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

/// <summary>Blocks that look at many frames of a sequence at once, against loops over the frames.</summary>
public sealed class WholeSequenceTests
{
    private const int Dim = 3;
    private static readonly int[] Lengths = [7, 4, 1];

    public static TheoryData<BlockSpec> Blocks =>
    [
        new StatisticsPoolingSpec(),
        new StatisticsPoolingSpec { Left = 2, Right = 1 },
        new ConformerSpec { Heads = 3, Kernel = 3 },
        Attention,
    ];

    private static RestrictedAttentionSpec Attention =>
        new() { Heads = 1, KeyDim = 1, ValueDim = 1, Left = 0, Right = 0, TimeStride = 1, KeyScale = 1, OutputsContext = false };

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_sequence_gives_the_same_alone_and_beside_longer_ones(BlockSpec block)
    {
        var dim = block is RestrictedAttentionSpec attention ? attention.InputDim : Dim;
        using var graph = new LayerGraph(Some.Graph(dim, block), Device.Cpu, ScalarType.Float64);
        graph.Initialise(1);
        using var table = Some.Table(dim, ScalarType.Float64, Lengths);
        var (rows, layout) = Some.Packed(Lengths);
        var together = graph.Forward(table, rows, PassMode.Evaluate, layout).ToArray();
        var first = 0;
        for (var s = 0; s < Lengths.Length; s++)
        {
            var alone = graph.Forward(
                table, [.. Enumerable.Range(first, Lengths[s])], PassMode.Evaluate, new SequenceLayout([Lengths[s]])).ToArray();
            for (var i = 0; i < alone.Length; i++)
            {
                var place = (layout.RowOf(s, i / graph.OutputDim) * graph.OutputDim) + (i % graph.OutputDim);
                Assert.Equal(alone[i], together[place], 1e-5f);
            }

            first += Lengths[s];
        }
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    public void Statistics_are_those_of_the_frames_of_the_window(int left, int right)
    {
        const float Floor = 1e-4f;
        using var graph = new LayerGraph(
            Some.Graph(Dim, new StatisticsPoolingSpec { Left = left, Right = right, VarianceFloor = Floor }), Device.Cpu,
            ScalarType.Float64);
        using var table = Some.Table(Dim, ScalarType.Float64, Lengths);
        var frames = Some.Floats(Dim * Lengths.Sum(), seed: 3);
        var (rows, layout) = Some.Packed(Lengths);

        var output = graph.Forward(table, rows, PassMode.Evaluate, layout).ToArray();

        for (var t = 0; t < Lengths[0]; t++)
        {
            var (begin, end) = (left < 0 ? 0 : Math.Max(0, t - left), right < 0 ? Lengths[0] : Math.Min(Lengths[0], t + right + 1));
            for (var d = 0; d < Dim; d++)
            {
                double[] window = [.. Enumerable.Range(begin, end - begin).Select(frame => (double)frames[(frame * Dim) + d])];
                var mean = window.Average();
                var row = layout.RowOf(0, t) * 2 * Dim;
                Assert.Equal(mean, output[row + d], 1e-5);
                Assert.Equal(
                    Math.Sqrt(Math.Max(Floor, window.Average(x => (x - mean) * (x - mean)))), output[row + Dim + d], 1e-5);
            }
        }
    }

    [Fact]
    public void Restricted_attention_is_the_loop_of_its_formula()
    {
        var spec = Attention with { KeyDim = 2, ValueDim = 2, Left = 1, Right = 2, TimeStride = 2, KeyScale = 0.5f, OutputsContext = true };
        using var graph = new LayerGraph(Some.Graph(spec.InputDim, spec), Device.Cpu, ScalarType.Float64);
        using var table = Some.Table(spec.InputDim, ScalarType.Float64, 7);
        var x = Some.Floats(spec.InputDim * 7, seed: 3);

        var output = graph.Forward(table, Some.Rows(7), PassMode.Evaluate, new SequenceLayout([7])).ToArray();

        for (var t = 0; t < 7; t++)
        {
            // Key, value, query, place weights; what lies beyond the sequence is 0.
            var scores = Enumerable.Range(0, 4).Select(place => At(t, 6 + place)
                + (0.5 * ((At(t, 4) * At(Seen(t, place), 0)) + (At(t, 5) * At(Seen(t, place), 1))))).ToArray();
            var total = scores.Sum(Math.Exp);
            for (var d = 0; d < 2; d++)
            {
                var value = Enumerable.Range(0, 4).Sum(place => Math.Exp(scores[place]) / total * At(Seen(t, place), 2 + d));
                Assert.Equal(value, output[(t * 6) + d], 1e-5);
            }

            Assert.Equal(Math.Exp(scores[3]) / total, output[(t * 6) + 5], 1e-5);
        }

        static int Seen(int t, int place) => t + (2 * (place - 1));

        double At(int t, int column) => t is >= 0 and < 7 ? x[(t * spec.InputDim) + column] : 0;
    }
}
