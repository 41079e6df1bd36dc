using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Gaussians;

/// <summary>
/// A mixture of Gaussians with diagonal covariances (Kaldi: <c>DiagGmm</c>): the density of one pdf. G Gaussians of D dimensions.
/// Immutable.
/// </summary>
/// <remarks>
/// Kept as the exponential family has it, means times inverse variances and inverse variances, so that the log-likelihood of a
/// Gaussian is its constant and two products: with the frame and with the squares of the frame.
/// </remarks>
public sealed class DiagGmm
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly float[] _weights;
    private readonly float[] _constants;

    /// <summary>Creates a mixture.</summary>
    /// <param name="weights">The weight of each Gaussian, 0 or more, <c>[G]</c>.</param>
    /// <param name="scaledMeans">Means times inverse variances, <c>[G, D]</c>.</param>
    /// <param name="inverseVariances">Inverse variances, <c>[G, D]</c>.</param>
    /// <exception cref="ArgumentException">The sizes do not agree, there is no Gaussian, a weight is negative, or the constant of a
    /// Gaussian is not a number.</exception>
    public DiagGmm(ReadOnlySpan<float> weights, FloatMatrix scaledMeans, FloatMatrix inverseVariances)
    {
        if (weights.Length == 0 || inverseVariances.Columns == 0)
            throw new ArgumentException("A mixture has at least one Gaussian of at least one dimension.");

        if (scaledMeans.Rows != weights.Length || inverseVariances.Rows != weights.Length
            || scaledMeans.Columns != inverseVariances.Columns)
        {
            throw new ArgumentException(
                $"A mixture of {weights.Length} Gaussians has means of {scaledMeans.Rows} x {scaledMeans.Columns} and variances of "
                + $"{inverseVariances.Rows} x {inverseVariances.Columns} values; expected the same numbers.");
        }

        _weights = weights.ToArray();
        ScaledMeans = scaledMeans;
        InverseVariances = inverseVariances;
        _constants = new float[weights.Length];
        for (var gaussian = 0; gaussian < weights.Length; gaussian++)
            _constants[gaussian] = ConstantOf(gaussian);
    }

    /// <summary>Gets the number of Gaussians.</summary>
    public int Gaussians => _weights.Length;

    /// <summary>Gets the dimension of a frame.</summary>
    public int Dimension => InverseVariances.Columns;

    /// <summary>Gets the weights, <c>[G]</c>.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Gets the log-likelihood of each Gaussian at the origin, <c>[G]</c>; minus infinity for a weight of 0.</summary>
    public ReadOnlySpan<float> Constants => _constants;

    /// <summary>Gets the means times inverse variances, <c>[G, D]</c>; not to be changed.</summary>
    public FloatMatrix ScaledMeans { get; }

    /// <summary>Gets the inverse variances, <c>[G, D]</c>; not to be changed.</summary>
    public FloatMatrix InverseVariances { get; }

    /// <summary>Computes the log-likelihoods of a frame under each Gaussian, with its weight.</summary>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <param name="logLikelihoods">Receives a value for each Gaussian, <c>[G]</c>.</param>
    public void LogLikelihoods(ReadOnlySpan<float> frame, Span<float> logLikelihoods)
    {
        Span<float> squares = frame.Length <= 512 ? stackalloc float[frame.Length] : new float[frame.Length];
        TensorPrimitives.Multiply(frame, frame, squares);
        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
        {
            logLikelihoods[gaussian] = _constants[gaussian] + TensorPrimitives.Dot<float>(ScaledMeans.Row(gaussian), frame)
                - (0.5f * TensorPrimitives.Dot<float>(InverseVariances.Row(gaussian), squares));
        }
    }

    /// <summary>Computes the log-likelihood of a frame: the plain form, beside which <see cref="GmmScorer"/> is the fast one.</summary>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <returns>The log-likelihood; not finite when the frame has values that are not.</returns>
    public float LogLikelihood(ReadOnlySpan<float> frame)
    {
        Span<float> each = Gaussians <= 256 ? stackalloc float[Gaussians] : new float[Gaussians];
        LogLikelihoods(frame, each);
        return LogSum(each);
    }

    /// <summary>Computes the probability of each Gaussian given a frame.</summary>
    /// <param name="frame">The frame, <c>[D]</c>.</param>
    /// <param name="posteriors">Receives probabilities that sum to 1, <c>[G]</c>.</param>
    /// <returns>The log-likelihood of the frame; not finite when the frame has values that are not.</returns>
    public float Posteriors(ReadOnlySpan<float> frame, Span<float> posteriors)
    {
        LogLikelihoods(frame, posteriors);
        var sum = LogSum(posteriors);
        TensorPrimitives.Subtract(posteriors, sum, posteriors);
        TensorPrimitives.Exp<float>(posteriors, posteriors);
        return sum;
    }

    /// <summary>Copies the means and variances in double precision.</summary>
    public GmmMoments ToMoments()
    {
        var moments = new GmmMoments(Gaussians, Dimension);
        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
        {
            moments.Weights[gaussian] = _weights[gaussian];
            for (var i = 0; i < Dimension; i++)
            {
                var variance = 1 / (double)InverseVariances[gaussian, i];
                moments.Variances[gaussian, i] = variance;
                moments.Means[gaussian, i] = ScaledMeans[gaussian, i] * variance;
            }
        }

        return moments;
    }

    /// <summary>Returns a mixture with other weights.</summary>
    /// <param name="weights">The weights, <c>[G]</c>.</param>
    public DiagGmm WithWeights(ReadOnlySpan<float> weights) => new(weights, ScaledMeans, InverseVariances);

    /// <summary>Returns a mixture with other means.</summary>
    /// <param name="transform">A linear transform, <c>[D, D]</c>, or one with offsets in the last column, <c>[D, D + 1]</c>.</param>
    /// <exception cref="ArgumentException">The transform has another size.</exception>
    public DiagGmm WithTransformedMeans(FloatMatrix transform)
    {
        if (transform.Rows != Dimension || (transform.Columns != Dimension && transform.Columns != Dimension + 1))
            throw new ArgumentException($"A transform of {transform.Rows} x {transform.Columns} does not fit means of {Dimension} values.");

        var scaledMeans = new FloatMatrix(Gaussians, Dimension);
        var mean = new float[transform.Columns];
        mean[^1] = 1;
        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
        {
            for (var i = 0; i < Dimension; i++)
                mean[i] = ScaledMeans[gaussian, i] * (1 / InverseVariances[gaussian, i]);
            for (var i = 0; i < Dimension; i++)
                scaledMeans[gaussian, i] = TensorPrimitives.Dot<float>(transform.Row(i), mean) * InverseVariances[gaussian, i];
        }

        return new DiagGmm(_weights, scaledMeans, InverseVariances);
    }

    /// <summary>Returns a mixture without some of the Gaussians; the other weights are scaled to sum to 1.</summary>
    /// <param name="gaussians">The Gaussians to leave out.</param>
    /// <exception cref="ArgumentException">None is left.</exception>
    public DiagGmm Without(IReadOnlyCollection<int> gaussians)
    {
        if (gaussians.Count == 0)
            return this;

        int[] kept = [.. Enumerable.Range(0, Gaussians).Except(gaussians)];
        float[] weights = [.. kept.Select(gaussian => _weights[gaussian])];
        TensorPrimitives.Multiply(weights, (float)(1.0 / TensorPrimitives.Sum<float>(weights)), weights);
        return new DiagGmm(weights, Rows(ScaledMeans, kept), Rows(InverseVariances, kept));
    }

    private static FloatMatrix Rows(FloatMatrix matrix, int[] rows)
    {
        var chosen = new FloatMatrix(rows.Length, matrix.Columns);
        for (var row = 0; row < rows.Length; row++)
            matrix.Row(rows[row]).CopyTo(chosen.Row(row));

        return chosen;
    }

    private static float LogSum(ReadOnlySpan<float> values)
    {
        var largest = TensorPrimitives.Max(values);
        if (!float.IsFinite(largest))
            return largest;

        double sum = 0;
        foreach (var value in values)
            sum += MathF.Exp(value - largest);

        return (float)(largest + Math.Log(sum));
    }

    // In single precision from sum to sum, as Kaldi keeps it.
    private float ConstantOf(int gaussian)
    {
        if (!(_weights[gaussian] >= 0))
            throw new ArgumentException($"The weight of Gaussian {gaussian} is {_weights[gaussian]}; expected 0 or more.");

        var constant = MathF.Log(_weights[gaussian]) + (float)(-0.5 * LogTwoPi * Dimension);
        for (var i = 0; i < Dimension; i++)
        {
            double mean = ScaledMeans[gaussian, i];
            var inverse = InverseVariances[gaussian, i];
            constant = (float)(constant + ((0.5 * MathF.Log(inverse)) - (0.5 * mean * mean / inverse)));
        }

        if (float.IsNaN(constant))
            throw new ArgumentException($"Gaussian {gaussian} has a mean or a variance that is not a number, or no positive variance.");

        return float.IsFinite(constant) ? constant : float.NegativeInfinity;
    }
}
