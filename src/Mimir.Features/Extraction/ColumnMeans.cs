using System.Numerics;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Removes the mean of each column of an utterance (Kaldi: --subtract-mean).</summary>
public static class ColumnMeans
{
    /// <summary>Subtracts from each value the mean of its column, in double precision.</summary>
    /// <param name="features"><c>[T, D]</c>, changed in place.</param>
    public static void Subtract(FloatMatrix features) => Subtract<float>(features.Data, features.Columns);

    /// <summary>The same in either precision.</summary>
    internal static void Subtract<T>(Span<T> features, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var means = new double[columns];
        for (var at = 0; at < features.Length; at += columns)
        {
            for (var d = 0; d < columns; d++)
                means[d] += double.CreateTruncating(features[at + d]) / (features.Length / columns);
        }

        for (var at = 0; at < features.Length; at += columns)
        {
            for (var d = 0; d < columns; d++)
                features[at + d] = T.CreateTruncating(double.CreateTruncating(features[at + d]) - means[d]);
        }
    }
}
