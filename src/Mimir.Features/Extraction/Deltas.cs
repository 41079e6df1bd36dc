using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Adds derivatives over time, as Kaldi's add-deltas does.</summary>
public static class Deltas
{
    /// <summary>Appends derivatives to each frame; beyond its ends an utterance repeats its first and last frame.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="order">The number of derivatives, 0 or more (Kaldi: --delta-order).</param>
    /// <param name="window">Frames on either side in the regression of each derivative, 1 or more (Kaldi: --delta-window).</param>
    /// <returns><c>[T, D (order + 1)]</c>: the features, the first derivatives, the second, …</returns>
    public static FloatMatrix Add(FloatMatrix features, int order = 2, int window = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, 1000);
        var result = new FloatMatrix(features.Rows, checked(features.Columns * (order + 1)));
        var filter = new float[] { 1 };
        for (var derivative = 0; derivative <= order; derivative++)
        {
            Filter(features, filter, result, derivative * features.Columns);
            filter = Differentiated(filter, window);
        }

        return result;
    }

    private static void Filter(FloatMatrix features, float[] filter, FloatMatrix result, int column)
    {
        var reach = filter.Length / 2;
        for (var t = 0; t < features.Rows; t++)
        {
            var target = result.Row(t).Slice(column, features.Columns);
            for (var i = 0; i < filter.Length; i++)
            {
                var source = features.Row(Math.Clamp(t + i - reach, 0, features.Rows - 1));
                TensorPrimitives.MultiplyAdd(source, filter[i], target, target);
            }
        }
    }

    // Convolves a filter with that of a derivative: the weights j / sum of j^2 for j from -window to window.
    private static float[] Differentiated(float[] filter, int window)
    {
        var wider = new float[filter.Length + (2 * window)];
        var norm = 0f;
        for (var j = -window; j <= window; j++)
        {
            norm += j * j;
            for (var k = 0; k < filter.Length; k++)
                wider[j + window + k] += j * filter[k];
        }

        TensorPrimitives.Multiply<float>(wider, 1 / norm, wider);
        return wider;
    }
}
