using Mimir.Features.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Kaldi's subtract-mean: each column of an utterance has mean 0 afterwards.</summary>
public static class ColumnMeans
{
    /// <summary>Subtracts from each value the mean of its column, in double precision.</summary>
    /// <param name="features"><c>[T, D]</c>, changed in place.</param>
    public static void Subtract(FloatMatrix features)
    {
        var means = new double[features.Columns];
        for (var t = 0; t < features.Rows; t++)
        {
            var row = features.Row(t);
            for (var d = 0; d < means.Length; d++)
                means[d] += row[d] / (double)features.Rows;
        }

        for (var t = 0; t < features.Rows; t++)
        {
            var row = features.Row(t);
            for (var d = 0; d < means.Length; d++)
                row[d] = (float)(row[d] - means[d]);
        }
    }
}
