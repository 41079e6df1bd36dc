using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Tests.Gaussians;

/// <summary>Mixtures and frames for tests.</summary>
internal static class SomeGmms
{
    /// <summary>Makes a mixture with weights that sum to 1.</summary>
    public static DiagGmm Mixture(Random random, int gaussians, int dimension)
    {
        var moments = new GmmMoments(gaussians, dimension);
        for (var gaussian = 0; gaussian < gaussians; gaussian++)
        {
            moments.Weights[gaussian] = 0.1 + random.NextDouble();
            for (var i = 0; i < dimension; i++)
            {
                moments.Means[gaussian, i] = (4 * random.NextDouble()) - 2;
                moments.Variances[gaussian, i] = 0.5 + random.NextDouble();
            }
        }

        var sum = moments.Weights.Sum();
        for (var gaussian = 0; gaussian < gaussians; gaussian++)
            moments.Weights[gaussian] /= sum;

        return moments.ToGmm();
    }

    /// <summary>Makes a model with some Gaussians in each pdf.</summary>
    public static AmDiagGmm Model(Random random, int dimension, params int[] gaussians) =>
        new([.. gaussians.Select(count => Mixture(random, count, dimension))]);

    /// <summary>Makes frames.</summary>
    public static FloatMatrix Frames(Random random, int frames, int dimension)
    {
        var features = new FloatMatrix(frames, dimension);
        foreach (ref var value in features.Data.AsSpan())
            value = (6 * random.NextSingle()) - 3;

        return features;
    }

    /// <summary>A model that belongs to <see cref="SomeTransitionModel"/>.</summary>
    public static GmmModel Whole() => new(SomeTransitionModel.Make(false), Model(new Random(4), 3, 2, 1, 3));
}
