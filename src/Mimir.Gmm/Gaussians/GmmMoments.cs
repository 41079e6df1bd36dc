using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Gaussians;

/// <summary>The weights, means and variances of a mixture in double precision, to be changed.</summary>
/// <param name="gaussians">The number of Gaussians, G.</param>
/// <param name="dimension">The dimension of a frame, D.</param>
public sealed class GmmMoments(int gaussians, int dimension)
{
    /// <summary>Gets the dimension of a frame.</summary>
    public int Dimension => dimension;

    /// <summary>Gets the weights, <c>[G]</c>.</summary>
    public double[] Weights { get; } = new double[gaussians];

    /// <summary>Gets the means, <c>[G, D]</c>.</summary>
    public double[,] Means { get; } = new double[gaussians, dimension];

    /// <summary>Gets the variances, <c>[G, D]</c>.</summary>
    public double[,] Variances { get; } = new double[gaussians, dimension];

    /// <summary>Makes the mixture of these moments.</summary>
    /// <exception cref="ArgumentException">A weight is negative, or a variance is not positive.</exception>
    public DiagGmm ToGmm() => Make(null, GmmParts.All);

    /// <summary>Makes a mixture that has some parts of these moments and the others of another mixture.</summary>
    /// <param name="old">The other mixture, of the same size.</param>
    /// <param name="parts">The parts that are new.</param>
    /// <exception cref="ArgumentException">A weight is negative, or a variance is not positive.</exception>
    public DiagGmm ToGmm(DiagGmm old, GmmParts parts) => Make(old, parts);

    // In single precision from the inversion on, as Kaldi keeps mixtures.
    private DiagGmm Make(DiagGmm? old, GmmParts parts)
    {
        var before = old?.ToMoments() ?? this;
        var means = parts.HasFlag(GmmParts.Means) ? Means : before.Means;
        var inverses = new FloatMatrix(gaussians, dimension);
        var scaledMeans = new FloatMatrix(gaussians, dimension);
        for (var gaussian = 0; gaussian < gaussians; gaussian++)
        {
            for (var i = 0; i < dimension; i++)
            {
                inverses[gaussian, i] = old is not null && !parts.HasFlag(GmmParts.Variances)
                    ? old.InverseVariances[gaussian, i]
                    : 1 / (float)Variances[gaussian, i];
                scaledMeans[gaussian, i] = old is not null && (parts & (GmmParts.Means | GmmParts.Variances)) == 0
                    ? old.ScaledMeans[gaussian, i]
                    : (float)means[gaussian, i] * inverses[gaussian, i];
            }
        }

        var weights = old is not null && !parts.HasFlag(GmmParts.Weights)
            ? old.Weights.ToArray()
            : Array.ConvertAll(Weights, weight => (float)weight);
        return new DiagGmm(weights, scaledMeans, inverses);
    }
}
