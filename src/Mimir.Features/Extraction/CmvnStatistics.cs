using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>
/// Statistics for mean and variance normalisation in Kaldi's form: a matrix of doubles, 2 x (D + 1), with the sums and the
/// count in the first row and the sums of squares in the second.
/// </summary>
public sealed class CmvnStatistics
{
    // Kaldi's floor of the variance.
    private const double VarianceFloor = 1e-20;

    private readonly double[,] _sums;

    /// <summary>Starts with no frames.</summary>
    /// <param name="dimension">D, the number of values in a frame.</param>
    public CmvnStatistics(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        _sums = new double[2, dimension + 1];
    }

    /// <summary>Creates statistics from a matrix in Kaldi's form.</summary>
    /// <param name="sums"><c>[2, D + 1]</c>; it is copied.</param>
    /// <exception cref="InputException">The matrix has another shape, or a value is not a finite number.</exception>
    public CmvnStatistics(double[,] sums)
    {
        if (sums.GetLength(0) != 2 || sums.GetLength(1) < 2)
        {
            throw new InputException(
                $"normalisation statistics: expected a 2 x (D + 1) matrix, got {sums.GetLength(0)} x {sums.GetLength(1)}.");
        }

        foreach (var value in sums)
        {
            if (!double.IsFinite(value))
                throw new InputException(
                    $"normalisation statistics: expected finite numbers, got {value}; compute them again.");
        }

        _sums = (double[,])sums.Clone();
    }

    /// <summary>Gets D, the number of values in a frame.</summary>
    public int Dimension => _sums.GetLength(1) - 1;

    /// <summary>Gets the number of frames.</summary>
    public double Count => _sums[0, Dimension];

    /// <summary>A copy of the matrix in Kaldi's form.</summary>
    /// <returns><c>[2, D + 1]</c>.</returns>
    public double[,] ToMatrix() => (double[,])_sums.Clone();

    /// <summary>Adds frames.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="weights">The weight of each frame, T of them; empty for weights of 1.</param>
    /// <exception cref="InputException">The features have another dimension, there is another number of weights, or a value is
    /// not a finite number.</exception>
    public void Accumulate(FloatMatrix features, ReadOnlySpan<float> weights = default)
    {
        CheckDimension(features);
        if (weights.Length > 0 && weights.Length != features.Rows)
            throw new ArgumentException($"Expected {features.Rows} weights, one for each frame, got {weights.Length}.", nameof(weights));

        for (var t = 0; t < features.Rows; t++)
        {
            var weight = weights.Length == 0 ? 1 : weights[t];
            if (!float.IsFinite(weight))
                throw new InputException($"frame {t}: expected a finite weight, got {weight}.");

            Accumulate(features.Row(t), t, weight);
        }
    }

    /// <summary>A copy that leaves some values unnormalised: with mean 0 and variance 1.</summary>
    /// <param name="dimensions">The values, from 0.</param>
    public CmvnStatistics WithoutDimensions(IEnumerable<int> dimensions)
    {
        var copy = new CmvnStatistics(_sums);
        foreach (var d in dimensions)
        {
            if (d < 0 || d >= Dimension)
                throw new InputException($"skip-dims: expected values from 0 to {Dimension - 1}, got {d}.");

            (copy._sums[0, d], copy._sums[1, d]) = (0, Count);
        }

        return copy;
    }

    /// <summary>The affine map that normalises: x becomes Scale x + Offset.</summary>
    /// <param name="normVars">True to normalise variances to 1 as well as means to 0 (Kaldi: --norm-vars).</param>
    /// <returns>D scales and D offsets.</returns>
    /// <exception cref="InputException">There is less than one frame.</exception>
    public (float[] Scale, float[] Offset) Normaliser(bool normVars)
    {
        var (means, deviations) = Moments(normVars);
        return (
            Array.ConvertAll(deviations, s => (float)(1 / s)),
            [.. means.Zip(deviations, (mean, s) => (float)(-mean / s))]);
    }

    /// <summary>Normalises features in place.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="normVars">True to normalise variances to 1 as well as means to 0 (Kaldi: --norm-vars).</param>
    /// <param name="reverse">True to give normalised features these means and variances instead (Kaldi: --reverse).</param>
    /// <exception cref="InputException">The features have another dimension.</exception>
    /// <exception cref="InputException">There is less than one frame.</exception>
    public void Apply(FloatMatrix features, bool normVars = false, bool reverse = false)
    {
        CheckDimension(features);
        var (scale, offset) = Normaliser(normVars);
        if (reverse)
        {
            var (means, deviations) = Moments(normVars);
            scale = Array.ConvertAll(deviations, s => (float)s);
            offset = Array.ConvertAll(means, m => (float)m);
        }
        else if (!normVars)
        {
            // Kaldi rounds 1 / count to single precision here.
            for (var d = 0; d < Dimension; d++)
                offset[d] = (float)((float)(-1 / Count) * _sums[0, d]);
        }

        for (var t = 0; t < features.Rows; t++)
            TensorPrimitives.MultiplyAdd(features.Row(t), scale, offset, features.Row(t));
    }

    private void Accumulate(ReadOnlySpan<float> frame, int t, float weight)
    {
        if (weight == 0)
            return;

        for (var d = 0; d < frame.Length; d++)
        {
            if (!float.IsFinite(frame[d]))
                throw new InputException($"frame {t}, value {d}: expected a finite number, got {frame[d]}.");

            // The products are rounded to single precision, as Kaldi's are.
            _sums[0, d] += frame[d] * weight;
            _sums[1, d] += frame[d] * frame[d] * weight;
        }

        _sums[0, Dimension] += weight;
    }

    private (double[] Means, double[] Deviations) Moments(bool withVariance)
    {
        if (!(Count >= 1))
        {
            throw new InputException(
                $"normalisation statistics: expected 1 frame or more, got {Count}; does the speaker have any features?");
        }

        var means = new double[Dimension];
        var deviations = new double[Dimension];
        for (var d = 0; d < Dimension; d++)
        {
            means[d] = _sums[0, d] / Count;
            var variance = (_sums[1, d] / Count) - (means[d] * means[d]);
            deviations[d] = withVariance ? Math.Sqrt(Math.Max(variance, VarianceFloor)) : 1;
        }

        return (means, deviations);
    }

    private void CheckDimension(FloatMatrix features)
    {
        if (features.Columns != Dimension)
        {
            throw new InputException($"Expected features of dimension {Dimension} as the statistics, got {features.Columns}.");
        }
    }
}
