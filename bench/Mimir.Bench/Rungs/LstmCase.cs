using Mimir.Bench.Peers;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;

namespace Mimir.Bench.Rungs;

/// <summary>A recurrent network and a batch for it.</summary>
/// <param name="Rung">The word that selects its rung.</param>
/// <param name="Name">What the report calls it.</param>
/// <param name="Cells">The cells of a layer, of one direction.</param>
/// <param name="Projection">What a direction's output is projected to; 0 for none.</param>
/// <param name="Layers">The number of recurrent layers.</param>
/// <param name="Directions">1, or 2 for both.</param>
/// <param name="Lengths">The frames of each sequence, the longest first.</param>
internal sealed record LstmCase(string Rung, string Name, int Cells, int Projection, int Layers, int Directions, int[] Lengths)
{
    /// <summary>Inputs: 40 filters with deltas; outputs: senones of a small corpus.</summary>
    public const int Inputs = 120, Outputs = 512;

    public static IReadOnlyList<LstmCase> All { get; } =
    [
        new("lstm-step", "LSTMP 2x(320, 200), 10 streams x 20", 320, 200, 2, 1, [.. Enumerable.Repeat(20, 10)]),
        new("blstm-step", "BLSTM 3x512, 8 x 300", 512, 0, 3, 2, [.. Enumerable.Repeat(300, 8)]),
        new("blstm-ragged-step", "BLSTM 3x512, 8 ragged", 512, 0, 3, 2, [397, 371, 342, 318, 290, 263, 229, 190]),
    ];

    public int Frames => Lengths.Sum();

    private int LayerOutputs => Projection > 0 ? Projection : Cells;

    public GraphSpec Graph()
    {
        var layer = Directions == 2 ? new BlstmSpec(Cells) : new LstmSpec(Cells);
        return new(Inputs,
        [
            .. Enumerable.Range(0, Layers).Select(i => new NodeSpec($"recurrent{i}", layer with { Projection = Projection })),
            new("output", new AffineSpec { OutputDim = Outputs, ParamStddev = 0.05f }),
        ]);
    }

    /// <summary>The products of a training step.</summary>
    /// <param name="atOnce">Whether those of the recurrence count as products over all frames.</param>
    public IEnumerable<ProductShape> Products(bool atOnce)
    {
        for (var i = 0; i < Layers; i++)
        {
            for (var d = 0; d < Directions; d++)
            {
                foreach (var shape in ProductShape.OfLayer(i == 0 ? Inputs : LayerOutputs * Directions, 4 * Cells, Frames, i == 0))
                    yield return shape;
                foreach (var shape in ProductShape.OfRecurrence(LayerOutputs, 4 * Cells, Lengths, atOnce))
                    yield return shape;
                foreach (var shape in Projection > 0 ? ProductShape.OfRecurrence(Cells, Projection, Lengths, atOnce) : [])
                    yield return shape;
            }
        }

        foreach (var shape in ProductShape.OfLayer(LayerOutputs * Directions, Outputs, Frames, first: false))
            yield return shape;
    }
}
