using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Gaussians;

/// <summary>Changes the number of Gaussians of a mixture (Kaldi: <c>DiagGmm::Split</c>, <c>Merge</c>, <c>Perturb</c>).</summary>
public static class MixtureChange
{
    /// <summary>Splits the heaviest Gaussian again and again: half the weight each, the means moved apart at random.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="target">The number of Gaussians, not fewer than there are.</param>
    /// <param name="perturbFactor">The size of the move in standard deviations.</param>
    /// <param name="random">The C library's random numbers, as Kaldi draws them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more Gaussians already.</exception>
    public static DiagGmm Split(this DiagGmm mixture, int target, float perturbFactor, CLibraryRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target, mixture.Gaussians);
        var weights = new float[target];
        mixture.Weights.CopyTo(weights);
        var (means, inverses) = (Grown(mixture.ScaledMeans, target), Grown(mixture.InverseVariances, target));
        var noise = new float[mixture.Dimension];
        for (var next = mixture.Gaussians; next < target; next++)
        {
            var present = weights.AsSpan(0, next);
            var heaviest = present.IndexOf(TensorPrimitives.Max<float>(present));
            weights[heaviest] /= 2;
            weights[next] = weights[heaviest];
            random.Normal(noise, 1);
            inverses.Row(heaviest).CopyTo(inverses.Row(next));
            for (var i = 0; i < noise.Length; i++)
            {
                // Means times inverse variances have the size of an inverse deviation.
                var move = perturbFactor * (noise[i] * MathF.Sqrt(inverses[heaviest, i]));
                means[next, i] = means[heaviest, i] + move;
                means[heaviest, i] -= move;
            }
        }

        return new DiagGmm(weights, means, inverses);
    }

    /// <summary>Moves all means at random.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="perturbFactor">The size of the move in standard deviations.</param>
    /// <param name="random">The C library's random numbers, as Kaldi draws them.</param>
    public static DiagGmm Perturb(this DiagGmm mixture, float perturbFactor, CLibraryRandom random)
    {
        var means = Grown(mixture.ScaledMeans, mixture.Gaussians);
        var noise = new float[means.Data.Length];
        random.Normal(noise, 1);
        for (var i = 0; i < noise.Length; i++)
            means.Data[i] += perturbFactor * (noise[i] * MathF.Sqrt(mixture.InverseVariances.Data[i]));

        return new DiagGmm(mixture.Weights, means, mixture.InverseVariances);
    }

    /// <summary>Merges the pair of Gaussians whose merging lowers the likelihood least, again and again.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="target">The number of Gaussians, from 1, not more than there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer Gaussians, or none is asked for.</exception>
    public static DiagGmm Merge(this DiagGmm mixture, int target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target, mixture.Gaussians);
        var moments = mixture.ToMoments();
        var parts = Enumerable.Range(0, mixture.Gaussians).Select(gaussian => WeightedMoments.Of(moments, gaussian)).ToList();
        var losses = new double[parts.Count, parts.Count];
        for (var i = 0; i < parts.Count; i++)
        {
            for (var j = 0; j < i; j++)
                losses[i, j] = WeightedMoments.Gain(parts[i], parts[j]);
        }

        var alive = Enumerable.Range(0, parts.Count).ToList();
        while (alive.Count > target)
        {
            var (best, kept, merged) = (double.NegativeInfinity, -1, -1);
            foreach (var i in alive)
            {
                foreach (var j in alive.TakeWhile(j => j < i))
                {
                    if (losses[i, j] > best || kept < 0)
                        (best, kept, merged) = (losses[i, j], i, j);
                }
            }

            parts[kept] = WeightedMoments.Merge(parts[kept], parts[merged]);
            alive.Remove(merged);
            foreach (var other in alive.Where(other => other != kept))
                losses[Math.Max(kept, other), Math.Min(kept, other)] = WeightedMoments.Gain(parts[kept], parts[other]);
        }

        return alive.Count == mixture.Gaussians ? mixture : WeightedMoments.ToGmm([.. alive.Select(i => parts[i])]);
    }

    private static FloatMatrix Grown(FloatMatrix matrix, int rows)
    {
        var grown = new FloatMatrix(rows, matrix.Columns);
        matrix.Data.CopyTo(grown.Data, 0);
        return grown;
    }

    /// <summary>The weight of a Gaussian, the means of its values and of their squares.</summary>
    private sealed class WeightedMoments
    {
        private readonly double _weight;
        private readonly double[] _means;
        private readonly double[] _squares;
        private readonly double _halfLogDeterminant;

        private WeightedMoments(double weight, double[] means, double[] squares)
        {
            (_weight, _means, _squares) = (weight, means, squares);
            for (var i = 0; i < means.Length; i++)
                _halfLogDeterminant -= 0.5 * Math.Log(squares[i] - (means[i] * means[i]));
        }

        private double Weighted => _weight * _halfLogDeterminant;

        public static WeightedMoments Of(GmmMoments moments, int gaussian)
        {
            var (means, squares) = (new double[moments.Dimension], new double[moments.Dimension]);
            for (var i = 0; i < means.Length; i++)
            {
                means[i] = moments.Means[gaussian, i];
                squares[i] = moments.Variances[gaussian, i] + (means[i] * means[i]);
            }

            return new WeightedMoments(moments.Weights[gaussian], means, squares);
        }

        /// <summary>The change of the log-likelihood when two are merged: 0 or less.</summary>
        public static double Gain(WeightedMoments a, WeightedMoments b)
        {
            var merged = Merge(a, b);
            return merged.Weighted - a.Weighted - b.Weighted;
        }

        public static WeightedMoments Merge(WeightedMoments a, WeightedMoments b)
        {
            // Two Gaussians without weight are merged as equals.
            var weight = a._weight + b._weight;
            var share = weight > 0 ? a._weight / weight : 0.5;
            var (means, squares) = (new double[a._means.Length], new double[a._means.Length]);
            for (var i = 0; i < means.Length; i++)
            {
                means[i] = (share * a._means[i]) + ((1 - share) * b._means[i]);
                squares[i] = (share * a._squares[i]) + ((1 - share) * b._squares[i]);
            }

            return new WeightedMoments(weight, means, squares);
        }

        public static DiagGmm ToGmm(WeightedMoments[] parts)
        {
            var moments = new GmmMoments(parts.Length, parts[0]._means.Length);
            for (var gaussian = 0; gaussian < parts.Length; gaussian++)
            {
                moments.Weights[gaussian] = parts[gaussian]._weight;
                for (var i = 0; i < moments.Dimension; i++)
                {
                    moments.Means[gaussian, i] = parts[gaussian]._means[i];
                    moments.Variances[gaussian, i] = parts[gaussian]._squares[i] - (parts[gaussian]._means[i] * parts[gaussian]._means[i]);
                }
            }

            return moments.ToGmm();
        }
    }
}
