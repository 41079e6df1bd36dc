using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Joins each frame with its neighbours, as Kaldi's splice-feats does.</summary>
public static class Splicer
{
    /// <summary>Joins frames; beyond its ends an utterance repeats its first and last frame.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="left">Frames of context before, 0 or more (Kaldi: --left-context).</param>
    /// <param name="right">Frames of context after, 0 or more (Kaldi: --right-context).</param>
    /// <returns><c>[T, D (left + 1 + right)]</c>, the earliest frame first.</returns>
    public static FloatMatrix Splice(FloatMatrix features, int left = 4, int right = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        var result = new FloatMatrix(features.Rows, checked(features.Columns * (left + 1 + right)));
        for (var t = 0; t < features.Rows; t++)
        {
            for (var offset = -left; offset <= right; offset++)
            {
                features.Row(Math.Clamp(t + offset, 0, features.Rows - 1))
                    .CopyTo(result.Row(t)[((offset + left) * features.Columns)..]);
            }
        }

        return result;
    }
}
