using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests;

/// <summary>Makes values for tests.</summary>
internal static class Some
{
    public static float[] Floats(int count, ulong seed = 1, double scale = 1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(scale * random.NextNormal()))];
    }

    public static int[] Targets(int count, int classes, ulong seed = 2)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int)(random.NextUniform() * classes))];
    }

    public static int[] Rows(int count) => [.. Enumerable.Range(0, count)];

    public static FrameTable Table(int dim, ScalarType type, params int[] lengths) =>
        new(Device.Cpu, Floats(dim * lengths.Sum(), seed: 3), dim, lengths, type);

    public static GraphSpec Graph(int inputDim, params BlockSpec[] blocks) =>
        new(inputDim, [.. blocks.Select((block, i) => new NodeSpec($"node{i}", block))]);

    /// <summary>Ragged sequences that make up the rows of a table's utterances of these lengths, longest first.</summary>
    public static (int[] Rows, SequenceLayout Layout) Packed(params int[] lengths)
    {
        var layout = new SequenceLayout(lengths);
        var rows = new int[layout.Rows];
        var first = 0;
        for (var s = 0; s < lengths.Length; s++)
        {
            for (var t = 0; t < lengths[s]; t++)
                rows[layout.RowOf(s, t)] = first + t;
            first += lengths[s];
        }

        return (rows, layout);
    }

    public static AffineSpec Affine(int outputDim, Activation activation = Activation.None) =>
        new() { OutputDim = outputDim, Activation = activation, ParamStddev = 0.4f, BiasMean = 0.1f, BiasRange = 1 };

    public static TdnnSpec Tdnn(int outputDim, params int[] offsets) =>
        new() { OutputDim = outputDim, Offsets = offsets, ParamStddev = 0.4f, BiasMean = 0.1f, BiasRange = 1 };

    public static ConvolutionSpec Convolution(int height, int filters, params int[] times) => new()
    {
        Height = height,
        Filters = filters,
        TimeOffsets = times,
        KernelHeight = 2,
        ParamStddev = 0.4f,
        BiasMean = 0.1f,
        BiasRange = 1,
    };
}
