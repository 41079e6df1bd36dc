using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Transforms;

/// <summary>The form of a feature-space transform.</summary>
public enum FmllrType
{
    /// <summary>A full matrix and an offset.</summary>
    Full,

    /// <summary>A factor and an offset for each dimension.</summary>
    Diag,

    /// <summary>An offset.</summary>
    Offset,

    /// <summary>No change.</summary>
    None,
}

/// <summary>The options of the estimation of a feature-space transform.</summary>
public sealed record FmllrOptions
{
    /// <summary>Form of the transforms.</summary>
    [Option("fmllr-update-type")]
    public FmllrType Type { get; init; } = FmllrType.Full;

    /// <summary>Frames up to which nothing is estimated: the transform changes nothing then.</summary>
    [Option("fmllr-min-count", Min = 0)]
    public float MinCount { get; init; } = 500;

    /// <summary>Rounds in which all rows of a full transform are estimated, one after the other.</summary>
    [Option("fmllr-num-iters", Min = 1, Max = 1000)]
    public int Rounds { get; init; } = 40;
}

/// <summary>A feature-space transform.</summary>
/// <param name="Matrix">The transform, <c>[D, D + 1]</c>, with the offset in the last column.</param>
/// <param name="Improvement">What the log-likelihood of all frames gained.</param>
public sealed record FmllrTransform(FloatMatrix Matrix, double Improvement);

/// <summary>Estimates the feature-space transform of a speaker (fMLLR, also constrained MLLR), row by row.</summary>
public static class FmllrEstimation
{
    /// <summary>Estimates a transform; where there are too few frames, it changes nothing.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="options">Form, least count and rounds.</param>
    /// <param name="warn">Receives a line when nothing is estimated; null drops it.</param>
    public static FmllrTransform Estimate(FmllrStatistics statistics, FmllrOptions options, Action<string>? warn = null)
    {
        var dimension = statistics.Dimension;
        var unit = Matrix<double>.Build.Dense(dimension, dimension + 1, (i, j) => i == j ? 1 : 0);
        if (!(statistics.Count > options.MinCount))
        {
            warn?.Invoke(string.Create(
                CultureInfo.InvariantCulture, $"Not updating fMLLR since below min-count: count is {statistics.Count:g6}"));
            return new FmllrTransform(Single(unit), 0);
        }

        var transform = options.Type switch
        {
            FmllrType.Full => Full(statistics, unit, options.Rounds),
            FmllrType.Diag => Diagonal(statistics),
            FmllrType.Offset => Offset(statistics, unit),
            _ => unit,
        };
        var improvement = Objective(transform, statistics) - Objective(unit, statistics);
        if (double.IsFinite(improvement) && improvement >= 0)
            return new FmllrTransform(Single(transform), improvement);

        warn?.Invoke("Not applying fMLLR transform change because objective function did not increase.");
        return new FmllrTransform(Single(unit), 0);
    }

    // The log-likelihood of the frames after the transform, with its determinant, up to a constant.
    private static double Objective(Matrix<double> transform, FmllrStatistics statistics)
    {
        var dimension = statistics.Dimension;
        var sum = statistics.Count * Math.Log(Math.Abs(transform.SubMatrix(0, dimension, 0, dimension).Determinant()));
        for (var row = 0; row < dimension; row++)
        {
            var values = transform.Row(row);
            sum += values.DotProduct(LinearOf(statistics, row)) - (0.5 * values.DotProduct(ScatterOf(statistics, row) * values));
        }

        return sum;
    }

    private static Matrix<double> Full(FmllrStatistics statistics, Matrix<double> unit, int rounds)
    {
        var dimension = statistics.Dimension;
        var transform = unit.Clone();
        Matrix<double>[] inverses = [.. Enumerable.Range(0, dimension).Select(row => ScatterOf(statistics, row).Inverse())];
        for (var round = 0; round < rounds; round++)
        {
            for (var row = 0; row < dimension; row++)
                transform.SetRow(row, BestRow(transform, row, LinearOf(statistics, row), inverses[row], statistics.Count));
        }

        return transform;
    }

    // The best row while the others stay. The determinant is linear in the row, with the cofactors as factors, which are a column of
    // the inverse up to a factor that does not matter; the step along them solves a quadratic equation.
    private static Vector<double> BestRow(
        Matrix<double> transform, int row, Vector<double> linear, Matrix<double> inverse, double count)
    {
        var dimension = transform.RowCount;
        var unit = Vector<double>.Build.Dense(dimension);
        unit[row] = 1;
        var cofactors = Vector<double>.Build.Dense(dimension + 1);
        transform.SubMatrix(0, dimension, 0, dimension).LU().Solve(unit).CopySubVectorTo(cofactors, 0, 0, dimension);
        var direction = inverse * cofactors;
        var (square, mixed) = (direction.DotProduct(cofactors), direction.DotProduct(linear));
        var root = Math.Sqrt((mixed * mixed) + (4 * square * count));
        var (plus, minus) = ((root - mixed) / (2 * square), (-root - mixed) / (2 * square));
        return inverse * ((cofactors * (Gain(plus) > Gain(minus) ? plus : minus)) + linear);

        double Gain(double step) => (count * Math.Log(Math.Abs((step * square) + mixed))) - (0.5 * step * step * square);
    }

    // For each dimension the offset that is best for a factor, and then the positive root of the quadratic equation of the factor.
    private static Matrix<double> Diagonal(FmllrStatistics statistics)
    {
        var last = statistics.Dimension;
        var transform = Matrix<double>.Build.Dense(last, last + 1);
        for (var i = 0; i < last; i++)
        {
            var scatter = statistics.Scatter[i];
            var a = (scatter[last, i] * scatter[last, i] / scatter[last, last]) - scatter[i, i];
            var b = statistics.Linear[i, i] - (scatter[last, i] * statistics.Linear[i, last] / scatter[last, last]);
            var factor = (-b - Math.Sqrt((b * b) - (4 * a * statistics.Count))) / (2 * a);
            transform[i, i] = factor;
            transform[i, last] = (statistics.Linear[i, last] - (factor * scatter[last, i])) / scatter[last, last];
        }

        return transform;
    }

    private static Matrix<double> Offset(FmllrStatistics statistics, Matrix<double> unit)
    {
        var last = statistics.Dimension;
        var transform = unit.Clone();
        for (var i = 0; i < last; i++)
            transform[i, last] = (statistics.Linear[i, last] - statistics.Scatter[i][last, i]) / statistics.Scatter[i][last, last];

        return transform;
    }

    private static Vector<double> LinearOf(FmllrStatistics statistics, int row) =>
        Vector<double>.Build.Dense(statistics.Dimension + 1, column => statistics.Linear[row, column]);

    private static Matrix<double> ScatterOf(FmllrStatistics statistics, int row)
    {
        var scatter = statistics.Scatter[row];
        return Matrix<double>.Build.Dense(scatter.Dimension, scatter.Dimension, (i, j) => scatter[i, j]);
    }

    private static FloatMatrix Single(Matrix<double> matrix)
    {
        var single = new FloatMatrix(matrix.RowCount, matrix.ColumnCount);
        for (var row = 0; row < matrix.RowCount; row++)
        {
            for (var column = 0; column < matrix.ColumnCount; column++)
                single[row, column] = (float)matrix[row, column];
        }

        return single;
    }
}
