using MathNet.Numerics.LinearAlgebra;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Transforms;

/// <summary>A maximum likelihood linear transform.</summary>
/// <param name="Matrix">The transform, <c>[D, D]</c>.</param>
/// <param name="Improvement">What the log-likelihood of all frames gained.</param>
/// <param name="LogDeterminant">The logarithm of its determinant's size.</param>
public sealed record MlltTransform(FloatMatrix Matrix, double Improvement, double LogDeterminant);

/// <summary>Estimates a maximum likelihood linear transform, row by row (Kaldi: est-mllt).</summary>
/// <remarks>M. J. F. Gales: Semi-tied covariance matrices for hidden Markov models, IEEE TSAP 1999, equation 22.</remarks>
public static class MlltEstimation
{
    private const int Rounds = 200;

    /// <summary>Estimates a transform.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="report">Receives a round and the gain a frame so far, for the first ten and then each tenth; null for nobody.</param>
    /// <exception cref="InputException">There are too few frames for as many dimensions.</exception>
    public static MlltTransform Estimate(MlltStatistics statistics, Action<int, double>? report = null)
    {
        var dimension = statistics.Dimension;
        Matrix<double>[] scatter = [.. statistics.Scatter.Select(matrix =>
            Matrix<double>.Build.Dense(dimension, dimension, (i, j) => matrix[i, j]))];
        Matrix<double>[] inverses = [.. scatter.Select(matrix => matrix.Inverse())];
        if (statistics.Count <= 0 || inverses.Any(matrix => !matrix.Enumerate().All(double.IsFinite)))
            throw new InputException($"{statistics.Count} frames are too few for a transform of {dimension} dimensions.");

        var transform = Matrix<double>.Build.DenseIdentity(dimension);
        var improvement = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var row = 0; row < dimension; row++)
                improvement += ImproveRow(transform, row, scatter[row], inverses[row], statistics.Count);

            if (round < 10 || round % 10 == 0)
                report?.Invoke(round, improvement / statistics.Count);
        }

        var result = new FloatMatrix(dimension, dimension);
        for (var row = 0; row < dimension; row++)
        {
            for (var column = 0; column < dimension; column++)
                result[row, column] = (float)transform[row, column];
        }

        return new MlltTransform(result, improvement, Math.Log(Math.Abs(transform.Determinant())));
    }

    // The best row while the others stay; the cofactors of a row are a column of the inverse, up to a factor that does not matter.
    private static double ImproveRow(Matrix<double> transform, int row, Matrix<double> scatter, Matrix<double> inverse, double count)
    {
        var unit = Vector<double>.Build.Dense(transform.RowCount);
        unit[row] = 1;
        var cofactor = transform.LU().Solve(unit);
        var old = transform.Row(row);
        var direction = inverse * cofactor;
        var best = direction * Math.Sqrt(count / cofactor.DotProduct(direction));
        var gain = Objective(best) - Objective(old);
        if (!double.IsFinite(gain))
            throw new InputException($"the {count} frames do not determine row {row} of the transform; are the features constant?");

        transform.SetRow(row, best);
        return gain;

        double Objective(Vector<double> values) =>
            (count * Math.Log(Math.Abs(values.DotProduct(cofactor)))) - (0.5 * values.DotProduct(scatter * values));
    }
}
