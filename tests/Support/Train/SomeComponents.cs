using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Tests.Support;

/// <summary>Components of small nnet1 networks with fixed parameters.</summary>
internal static class SomeComponents
{
    public static AffineTransform Affine(int inputs, int outputs)
    {
        var random = SeededRandom.Of((ulong)((inputs * 100) + outputs), 1);
        float[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.BelowExactly(1000) / 500f) - 1)];
        return new(new FloatMatrix(outputs, inputs, Some(inputs * outputs)), Some(outputs));
    }

    public static LstmProjected Lstm(int inputs, int cells, int outputs) => new(Direction(inputs, cells, outputs, 1), new());

    public static BlstmProjected Blstm(int inputs, int cells, int outputs, LstmTraining? training = null) =>
        new(Direction(inputs, cells, outputs, 2), Direction(inputs, cells, outputs, 3), training ?? new());

    public static float[] Values(int count, float value) => [.. Enumerable.Repeat(value, count)];

    private static LstmParameters Direction(int inputs, int cells, int outputs, ulong seed)
    {
        var random = SeededRandom.Of(seed, 2);
        float[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.BelowExactly(1000) / 1000f) - 0.5f)];
        return new(
            new FloatMatrix(4 * cells, inputs, Some(4 * cells * inputs)), new FloatMatrix(4 * cells, outputs, Some(4 * cells * outputs)),
            Some(4 * cells), Some(cells), Some(cells), Some(cells), new FloatMatrix(outputs, cells, Some(outputs * cells)));
    }
}
