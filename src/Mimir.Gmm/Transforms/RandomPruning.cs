using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Transforms;

/// <summary>
/// Leaves small weights out by chance and raises the rest, so that a sum stays the same on average and costs less (Kaldi:
/// <c>RandPrune</c>).
/// </summary>
/// <param name="threshold">The weight to which smaller ones are raised; 0 keeps all as they are.</param>
public sealed class RandomPruning(float threshold)
{
    private readonly CLibraryRandom _random = new(1);

    /// <summary>Gives the weight in the place of another: itself, the threshold or 0.</summary>
    public float Prune(float weight)
    {
        if (weight == 0 || Math.Abs(weight) >= threshold)
            return weight;

        var kept = (float)((_random.Next() + 1.0) / (int.MaxValue + 2.0)) <= Math.Abs(weight) / threshold;
        return kept ? MathF.CopySign(threshold, weight) : 0;
    }
}
