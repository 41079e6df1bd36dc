using Mimir.Base;
using Mimir.Features.Extraction;

namespace Mimir.Features.Augmentation;

/// <summary>
/// The draws of one utterance in one epoch: a function of seed, epoch, utterance and purpose alone, whatever else is
/// worked off before, after or at the same time.
/// </summary>
internal sealed class DrawSequence
{
    private Xoshiro256 _bits;

    /// <summary>Starts a sequence.</summary>
    public DrawSequence(DrawPurpose purpose, ulong seed, int epoch, string utterance) => _bits = new Xoshiro256(
        SplitMix64.Combine(FeatureExtraction.DitherSeed(seed, utterance), (ulong)epoch, (ulong)purpose));

    /// <summary>A number of [0, 1).</summary>
    public double Uniform() => _bits.NextUniform();

    /// <summary>A number of [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>A whole number of [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)Math.BigMul(_bits.Next(), (ulong)count, out _);

    /// <summary>True with a given probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>One of a list, each equally likely.</summary>
    public T OneOf<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of a list, each as likely as its share of all weights.</summary>
    public T OneOf<T>(IReadOnlyList<T> items, Func<T, double> weight)
    {
        var left = Uniform() * items.Sum(weight);
        foreach (var item in items)
        {
            left -= weight(item);
            if (left < 0)
                return item;
        }

        return items[^1];
    }
}
