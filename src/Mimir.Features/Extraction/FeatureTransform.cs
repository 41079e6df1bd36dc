using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Applies a matrix to frames: LDA, MLLT, fMLLR; linear, or affine with the offset in a last column.</summary>
public static class FeatureTransform
{
    /// <summary>True when a transform fits features of a dimension.</summary>
    /// <param name="transform"><c>[E, D]</c> or <c>[E, D + 1]</c>.</param>
    /// <param name="dimension">D.</param>
    public static bool Fits(FloatMatrix transform, int dimension) =>
        transform.Columns == dimension || transform.Columns == dimension + 1;

    /// <summary>Transforms features.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="transform"><c>[E, D]</c>, or <c>[E, D + 1]</c> with the offset in the last column.</param>
    /// <returns><c>[T, E]</c>.</returns>
    /// <exception cref="InputException">The transform has another number of columns.</exception>
    public static FloatMatrix Apply(FloatMatrix features, FloatMatrix transform)
    {
        if (!Fits(transform, features.Columns))
        {
            throw new InputException(
                $"Expected a transform of {features.Columns} or {features.Columns + 1} columns, "
                + $"got {transform.Rows} x {transform.Columns}.");
        }

        var result = new FloatMatrix(features.Rows, transform.Rows);
        var affine = transform.Columns > features.Columns;
        for (var t = 0; t < features.Rows; t++)
        {
            var frame = features.Row(t);
            for (var e = 0; e < transform.Rows; e++)
            {
                var row = transform.Row(e);
                result[t, e] = TensorPrimitives.Dot<float>(frame, row[..frame.Length]) + (affine ? row[^1] : 0);
            }
        }

        return result;
    }

    /// <summary>
    /// The logarithm of the absolute determinant; for a matrix with fewer rows than columns, half that of <c>T T'</c>.
    /// </summary>
    /// <param name="transform"><c>[E, D]</c> or wider; E is at most D.</param>
    /// <param name="dimension">D; further columns are ignored.</param>
    /// <returns>Negative infinity for a matrix without full rank.</returns>
    public static double LogDeterminant(FloatMatrix transform, int dimension)
    {
        var gram = new double[transform.Rows, transform.Rows];
        for (var i = 0; i < transform.Rows; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                for (var d = 0; d < dimension; d++)
                    gram[i, j] += (double)transform[i, d] * transform[j, d];
            }
        }

        return 0.5 * LogDeterminant(gram);
    }

    // Cholesky's decomposition, in place in the lower triangle.
    private static double LogDeterminant(double[,] gram)
    {
        var sum = 0.0;
        for (var j = 0; j < gram.GetLength(0); j++)
        {
            for (var k = 0; k < j; k++)
                gram[j, j] -= gram[j, k] * gram[j, k];

            if (!(gram[j, j] > 0))
                return double.NegativeInfinity;

            sum += Math.Log(gram[j, j]);
            var pivot = Math.Sqrt(gram[j, j]);
            for (var i = j + 1; i < gram.GetLength(0); i++)
            {
                for (var k = 0; k < j; k++)
                    gram[i, j] -= gram[i, k] * gram[j, k];

                gram[i, j] /= pivot;
            }
        }

        return sum;
    }
}
