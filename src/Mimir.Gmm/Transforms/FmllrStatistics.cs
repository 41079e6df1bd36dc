using System.Numerics.Tensors;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Transforms;

/// <summary>
/// The statistics of a feature-space transform of a speaker (Kaldi: <c>FmllrDiagGmmAccs</c>): for each dimension what its Gaussians
/// ask of the frames. D dimensions; a frame has a 1 behind its values, for the offset.
/// </summary>
/// <remarks>M. J. F. Gales: Maximum likelihood linear transformations for HMM-based speech recognition, CSL 1998.</remarks>
public sealed class FmllrStatistics
{
    private readonly double[] _frame;
    private readonly double[] _scaledMean;
    private readonly double[] _inverse;
    private readonly SymmetricMatrix _product;

    /// <summary>Creates statistics of no frame.</summary>
    /// <param name="dimension">The number of values of a frame, D.</param>
    public FmllrStatistics(int dimension)
    {
        Linear = new double[dimension, dimension + 1];
        Scatter = [.. Enumerable.Range(0, dimension).Select(_ => new SymmetricMatrix(dimension + 1))];
        _frame = new double[dimension + 1];
        _frame[^1] = 1;
        (_scaledMean, _inverse, _product) = (new double[dimension], new double[dimension], new SymmetricMatrix(dimension + 1));
    }

    /// <summary>Gets the number of values of a frame.</summary>
    public int Dimension => Scatter.Count;

    /// <summary>Gets the number of frames, by their weights.</summary>
    public double Count { get; private set; }

    /// <summary>Gets the sum over frames of means over variances times frame, <c>[D, D + 1]</c>.</summary>
    internal double[,] Linear { get; }

    /// <summary>Gets for each dimension the sum of the frame's products over the variance, <c>[D + 1, D + 1]</c> each.</summary>
    internal IReadOnlyList<SymmetricMatrix> Scatter { get; }

    /// <summary>Adds a frame by the posteriors of the Gaussians.</summary>
    /// <param name="mixture">The mixture of the pdf.</param>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <param name="weight">The weight of the frame.</param>
    /// <returns>The log-likelihood of the frame. When it is not finite, nothing is added.</returns>
    public float Add(DiagGmm mixture, ReadOnlySpan<float> frame, float weight)
    {
        var posteriors = new float[mixture.Gaussians];
        var logLikelihood = mixture.Posteriors(frame, posteriors);
        if (!float.IsFinite(logLikelihood))
            return logLikelihood;

        TensorPrimitives.Multiply(posteriors, weight, posteriors);
        Add(mixture, frame, posteriors);
        return logLikelihood;
    }

    /// <summary>Adds a frame by weights of the Gaussians.</summary>
    /// <param name="mixture">The mixture of the pdf.</param>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <param name="weights">The weights, <c>[G]</c>.</param>
    public void Add(DiagGmm mixture, ReadOnlySpan<float> frame, ReadOnlySpan<float> weights)
    {
        Array.Clear(_scaledMean);
        Array.Clear(_inverse);
        for (var gaussian = 0; gaussian < weights.Length; gaussian++)
        {
            double weight = weights[gaussian];
            if (weight == 0)
                continue;

            Count += weight;
            for (var i = 0; i < Dimension; i++)
            {
                _scaledMean[i] += weight * mixture.ScaledMeans[gaussian, i];
                _inverse[i] += weight * mixture.InverseVariances[gaussian, i];
            }
        }

        TensorPrimitives.ConvertTruncating(frame, _frame.AsSpan(0, Dimension));
        Array.Clear(_product.Values);
        _product.AddOuter(1, _frame);
        for (var i = 0; i < Dimension; i++)
        {
            Scatter[i].Add(_inverse[i], _product);
            for (var j = 0; j <= Dimension; j++)
                Linear[i, j] += _scaledMean[i] * _frame[j];
        }
    }
}
