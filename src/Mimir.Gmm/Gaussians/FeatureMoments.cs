using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Gaussians;

/// <summary>Sums up frames to the one Gaussian with which all pdfs of a flat start begin.</summary>
public sealed class FeatureMoments
{
    private double[] _sums = [];
    private double[] _squares = [];
    private double _count;

    /// <summary>Makes a Gaussian of the same mean and variance in each dimension.</summary>
    /// <param name="dimension">The dimension of a frame.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="variance">The variance.</param>
    public static DiagGmm Constant(int dimension, double mean, double variance)
    {
        var moments = new GmmMoments(1, dimension);
        moments.Weights[0] = 1;
        for (var i = 0; i < dimension; i++)
            (moments.Means[0, i], moments.Variances[0, i]) = (mean, variance);

        return moments.ToGmm();
    }

    /// <summary>Adds the frames of an utterance.</summary>
    /// <param name="features">The frames, <c>[T, D]</c>.</param>
    /// <exception cref="InputException">They have another dimension than those before.</exception>
    public void Add(FloatMatrix features)
    {
        if (features.Rows == 0)
            return;
        if (_sums.Length == 0)
            (_sums, _squares) = (new double[features.Columns], new double[features.Columns]);
        if (_sums.Length != features.Columns)
            throw new InputException($"The frames have {features.Columns} values, those before have {_sums.Length}.");

        for (var frame = 0; frame < features.Rows; frame++)
        {
            var row = features.Row(frame);
            for (var i = 0; i < row.Length; i++)
            {
                _sums[i] += row[i];
                _squares[i] += (double)row[i] * row[i];
            }
        }

        _count += features.Rows;
    }

    /// <summary>Makes the Gaussian of the frames.</summary>
    /// <exception cref="InputException">There are no frames, or a value is the same in all of them.</exception>
    public DiagGmm ToGmm()
    {
        if (_count == 0)
            throw new InputException("No features were seen: the table is empty.");

        // The inverse in double precision, as Kaldi takes it here.
        var inverses = new FloatMatrix(1, _sums.Length);
        var scaledMeans = new FloatMatrix(1, _sums.Length);
        for (var i = 0; i < _sums.Length; i++)
        {
            var mean = _sums[i] / _count;
            var variance = (_squares[i] / _count) - (mean * mean);
            if (!(variance > 0))
                throw new InputException($"The variance of value {i} of the features is {variance}; expected values that differ.");

            inverses[0, i] = (float)(1 / variance);
            scaledMeans[0, i] = (float)mean * inverses[0, i];
        }

        return new DiagGmm([1], scaledMeans, inverses);
    }
}
