using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Scoring;

/// <summary>The grid of weights; the defaults are those of the usual Kaldi scoring scripts.</summary>
public sealed record WeightSearchOptions
{
    /// <summary>Gets the language-model weights, by which acoustic costs are divided.</summary>
    public IReadOnlyList<int> LmWeights { get; init; } = [.. Enumerable.Range(4, 12)];

    /// <summary>Gets the word insertion penalties.</summary>
    public IReadOnlyList<float> WordPenalties { get; init; } = [0, 0.5f, 1];

    /// <summary>Gets the options of scoring.</summary>
    public ScoreOptions Score { get; init; } = new();
}

/// <summary>The score at one pair of weights.</summary>
/// <param name="LmWeight">The language-model weight.</param>
/// <param name="WordPenalty">The cost of a word.</param>
/// <param name="Hypotheses">Utterance to words.</param>
/// <param name="Sheet">The errors.</param>
public sealed record WeightedScore(
    int LmWeight, float WordPenalty, IReadOnlyDictionary<string, string> Hypotheses, ScoreSheet Sheet);

/// <summary>Scores lattices over a grid of language-model weights and word penalties.</summary>
public static class WeightSearch
{
    /// <summary>Scores every pair of weights, in the order of the options.</summary>
    /// <param name="lattices">Word lattices by utterance, acoustic costs unscaled.</param>
    /// <param name="words">The names of the words.</param>
    /// <param name="references">Utterance to text.</param>
    /// <param name="options">Weights, penalties, unit.</param>
    /// <param name="speakers">Utterance to speaker, for the detail by speaker.</param>
    public static IReadOnlyList<WeightedScore> Run(
        IReadOnlyDictionary<string, WordLattice> lattices,
        SymbolTable words,
        IReadOnlyDictionary<string, string> references,
        WeightSearchOptions options,
        IReadOnlyDictionary<string, string>? speakers = null)
    {
        var scores = new List<WeightedScore>();
        foreach (var weight in options.LmWeights)
        {
            foreach (var penalty in options.WordPenalties)
            {
                var hypotheses = Hypotheses(lattices, words, weight, penalty);
                var sheet = ScoreSheet.Score(references, hypotheses, options.Score, speakers);
                scores.Add(new WeightedScore(weight, penalty, hypotheses, sheet));
            }
        }

        return scores;
    }

    /// <summary>
    /// The score with the fewest errors. Of several it is the middle one, which is farthest from worse weights and so the
    /// safest choice for another set.
    /// </summary>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static WeightedScore Best(IEnumerable<WeightedScore> scores)
    {
        var least = scores.GroupBy(score => score.Sheet.Total.Errors).MinBy(group => group.Key)?.ToList()
            ?? throw new ArgumentException("expected scores to choose from, got none", nameof(scores));
        return least[least.Count / 2];
    }

    /// <summary>The words of every lattice at one pair of weights; an empty lattice gives no words.</summary>
    /// <exception cref="ArgumentException">The weight is not above 0.</exception>
    public static IReadOnlyDictionary<string, string> Hypotheses(
        IReadOnlyDictionary<string, WordLattice> lattices, SymbolTable words, int lmWeight, float wordPenalty)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lmWeight, 1);
        return lattices.ToDictionary(
            lattice => lattice.Key,
            lattice => BestPath.Find(lattice.Value, 1f / lmWeight, wordPenalty) is { } path
                ? string.Join(' ', words.SymbolsOf(path.Words))
                : "",
            StringComparer.Ordinal);
    }
}
