using MathNet.Numerics.LinearAlgebra;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Transforms;

/// <summary>The result of linear discriminant analysis (Kaldi: the options of est-lda).</summary>
public sealed record LdaOptions
{
    /// <summary>The number of dimensions that are kept.</summary>
    public int Dimension { get; init; } = 40;

    /// <summary>True where more dimensions than classes less one are allowed; those beyond tell nothing apart.</summary>
    public bool AllowLargeDimension { get; init; }

    /// <summary>The variance within classes along each direction; 1 is the analysis of the books, less is for networks.</summary>
    public float WithinClassFactor { get; init; } = 1;

    /// <summary>True for a column more, which moves the mean of the result to 0.</summary>
    public bool RemoveOffset { get; init; }
}

/// <summary>A transform of linear discriminant analysis.</summary>
/// <param name="Matrix">The transform, <c>[dimensions kept, D]</c>, with a column more where the offset is removed.</param>
/// <param name="Full">The transform of all dimensions, the most telling first.</param>
/// <param name="SingularValues">The variance between classes along each row of <paramref name="Full"/>, that within them being 1.</param>
/// <param name="Count">The number of frames.</param>
/// <param name="Smoothing">What was added to the variances within classes because they were singular; 0 for nothing.</param>
public sealed record LdaTransform(
    FloatMatrix Matrix, FloatMatrix Full, IReadOnlyList<double> SingularValues, double Count, double Smoothing);

/// <summary>Estimates transforms of linear discriminant analysis (Kaldi: est-lda).</summary>
/// <remarks>The rows are orthonormal under the covariance within classes, and are determined up to their signs.</remarks>
public static class LdaEstimation
{
    private const double RelativeSmoothing = 1e-3;

    // Of all that the values are, what rounding makes.
    private const double SmallestShare = 1e-12;

    /// <summary>Estimates a transform.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="options">What is kept.</param>
    /// <exception cref="InputException">There are too few frames or classes.</exception>
    public static LdaTransform Estimate(LdaStatistics statistics, LdaOptions options)
    {
        var dimension = statistics.Dimension;
        if (options.Dimension < 1 || options.Dimension > dimension)
            throw new InputException($"--dim={options.Dimension}: expected a number from 1 to {dimension}, the dimension of the features.");
        if (options.Dimension >= statistics.Classes && !options.AllowLargeDimension)
        {
            throw new InputException(
                $"--dim={options.Dimension}: {statistics.Classes} classes tell at most {statistics.Classes - 1} dimensions apart; lower "
                + "it, or give --allow-large-dim=true.");
        }

        var count = statistics.Counts.Sum();
        if (count <= 0)
            throw new InputException("there are no frames, so no transform can be estimated.");

        var (within, between, mean) = CovariancesOf(statistics, count);
        if (within.Trace() <= SmallestShare * Enumerable.Range(0, dimension).Sum(d => statistics.Squares[d, d]) / count)
        {
            throw new InputException(
                "the features do not vary within the classes, so no transform can be estimated; are there enough frames?");
        }

        var (root, smoothing) = InverseRoot(within);
        var spread = (root * between).TransposeAndMultiply(root);
        var decomposition = ((spread + spread.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        var values = decomposition.EigenValues.Map(value => Math.Abs(value.Real));
        int[] order = [.. Enumerable.Range(0, dimension).OrderByDescending(index => values[index])];
        var vectors = Matrix<double>.Build.DenseOfColumnVectors(order.Select(index => decomposition.EigenVectors.Column(index)));
        var rows = vectors.TransposeThisAndMultiply(root);
        double[] sorted = [.. order.Select(index => values[index])];
        var full = ToFloats(rows, dimension, sorted, mean, options);
        return new LdaTransform(ToFloats(rows, options.Dimension, sorted, mean, options), full, sorted, count, smoothing);
    }

    private static (Matrix<double> Within, Matrix<double> Between, Vector<double> Mean) CovariancesOf(
        LdaStatistics statistics, double count)
    {
        var sums = Matrix<double>.Build.DenseOfArray(statistics.Sums);
        var mean = sums.ColumnSums() / count;
        var outer = mean.OuterProduct(mean);
        var total = (Matrix<double>.Build.Dense(statistics.Dimension, statistics.Dimension, (i, j) => statistics.Squares[i, j]) / count)
            - outer;
        var scaled = sums.Clone();
        for (var number = 0; number < statistics.Classes; number++)
        {
            var frames = statistics.Counts[number];
            scaled.SetRow(number, frames > 0 ? scaled.Row(number) / Math.Sqrt(frames * count) : scaled.Row(number) * 0);
        }

        var between = scaled.TransposeThisAndMultiply(scaled) - outer;
        return (total - between, between, mean);
    }

    // The inverse of the Cholesky factor.
    private static (Matrix<double> Root, double Smoothing) InverseRoot(Matrix<double> within)
    {
        if (TryRoot(within) is { } root)
            return (root, 0);

        var smoothing = RelativeSmoothing * within.Trace() / within.RowCount;
        within += Matrix<double>.Build.DenseDiagonal(within.RowCount, within.RowCount, smoothing);
        return (TryRoot(within) ?? throw new InputException(
            "the covariance of the features within the classes is singular, so no transform can be estimated."), smoothing);
    }

    private static Matrix<double>? TryRoot(Matrix<double> matrix)
    {
        try
        {
            var inverse = matrix.Cholesky().Factor.Inverse();
            return inverse.Enumerate().All(double.IsFinite) ? inverse : null;
        }
        catch (ArgumentException)
        {
            // MathNet's way to say that the matrix is not positive definite.
            return null;
        }
    }

    private static FloatMatrix ToFloats(Matrix<double> rows, int kept, double[] values, Vector<double> mean, LdaOptions options)
    {
        var matrix = new FloatMatrix(kept, rows.ColumnCount + (options.RemoveOffset ? 1 : 0));
        for (var row = 0; row < kept; row++)
        {
            var scale = options.WithinClassFactor == 1
                ? 1f
                : MathF.Sqrt((float)((options.WithinClassFactor + values[row]) / (1 + values[row])));
            var offset = 0.0;
            for (var column = 0; column < rows.ColumnCount; column++)
            {
                matrix[row, column] = (float)rows[row, column] * scale;
                offset -= matrix[row, column] * mean[column];
            }

            if (options.RemoveOffset)
                matrix[row, rows.ColumnCount] = (float)offset;
        }

        return matrix;
    }
}
