using Mimir.Base;

namespace Mimir.Gmm.Gaussians;

/// <summary>The parts of a GMM model that statistics are of or that an update changes; the values stand in Kaldi's files.</summary>
[Flags]
public enum GmmParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Means: the letter m.</summary>
    Means = 1,

    /// <summary>Variances: the letter v.</summary>
    Variances = 2,

    /// <summary>Weights: the letter w.</summary>
    Weights = 4,

    /// <summary>Transition probabilities: the letter t.</summary>
    Transitions = 8,

    /// <summary>All: the letter a.</summary>
    All = Means | Variances | Weights | Transitions,
}

/// <summary>The letters of <see cref="GmmParts"/>.</summary>
public static class GmmPartsText
{
    /// <summary>Reads letters such as <c>mvwt</c>.</summary>
    /// <param name="text">The letters.</param>
    /// <exception cref="InputException">A letter is none of m, v, w, t and a.</exception>
    public static GmmParts Parse(string text) => text.Aggregate(GmmParts.None, (parts, letter) => parts | letter switch
    {
        'm' => GmmParts.Means,
        'v' => GmmParts.Variances,
        'w' => GmmParts.Weights,
        't' => GmmParts.Transitions,
        'a' => GmmParts.All,
        _ => throw new InputException($"expected letters of m, v, w, t and a, got '{letter}' in '{text}'."),
    });

    /// <summary>Adds the parts without which statistics are of no use: variances need means, and means need weights.</summary>
    /// <param name="parts">The parts that are wanted.</param>
    public static GmmParts WithNeeded(this GmmParts parts)
    {
        if (parts.HasFlag(GmmParts.Variances))
            parts |= GmmParts.Means;

        return parts | GmmParts.Weights;
    }
}
