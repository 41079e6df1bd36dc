using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Decode.Language;

/// <summary>The smoothing of n-gram probabilities.</summary>
public enum NgramSmoothing
{
    /// <summary>Kneser-Ney where the counts of the longest n-grams give its discounts, else Witten-Bell.</summary>
    Auto,

    /// <summary>Interpolated modified Kneser-Ney.</summary>
    KneserNey,

    /// <summary>Interpolated Witten-Bell, for little text.</summary>
    WittenBell,
}

/// <summary>Options of the estimation of an n-gram model.</summary>
public sealed record NgramOptions
{
    /// <summary>Number of words of the longest n-grams.</summary>
    [Option("order", Min = 1, Max = 6)]
    public int Order { get; init; } = 3;

    /// <summary>Smoothing; auto takes kneser-ney where there is enough text, else witten-bell.</summary>
    [Option("smoothing")]
    public NgramSmoothing Smoothing { get; init; }

    /// <summary>Least count of the n-grams of each order, from single words on; the last holds for all longer ones.</summary>
    [Option("min-counts")]
    public IReadOnlyList<int> MinCounts { get; init; } = [1];

    /// <summary>Number of words to keep, the most frequent; 0 keeps all.</summary>
    [Option("max-words", Min = 0)]
    public int MaxWords { get; init; }

    /// <summary>Threshold of pruning: n-grams whose loss changes the perplexity by a smaller share are removed; 0 keeps all.</summary>
    [Option("prune", Min = 0, Max = 1, MaxExcluded = true)]
    public double Prune { get; init; }

    /// <summary>Word that stands for all that are not kept.</summary>
    [Option("unknown")]
    public string Unknown { get; init; } = "<unk>";

    /// <summary>Gets the words of the model; null takes those of the text.</summary>
    public IReadOnlyCollection<string>? Vocabulary { get; init; }

    /// <summary>Checks the options against each other.</summary>
    /// <exception cref="InputException">The least counts fall with the order, or a word is no word.</exception>
    public void Validate()
    {
        if (MinCounts.Count == 0 || MinCounts[0] < 1 || MinCounts.Zip(MinCounts.Skip(1)).Any(pair => pair.First > pair.Second))
            throw new InputException($"min-counts: expected numbers from 1 that do not fall, got {string.Join(' ', MinCounts)}");

        if (Unknown.Length == 0 || Unknown.Any(char.IsWhiteSpace) || Unknown is "<eps>" or NgramModel.Start or NgramModel.End)
            throw new InputException($"unknown: expected a word such as <unk>, got '{Unknown}'");
    }

    /// <summary>The least count of n-grams.</summary>
    /// <param name="order">Their order, from 1.</param>
    internal int MinCount(int order) => MinCounts[Math.Min(order, MinCounts.Count) - 1];
}
