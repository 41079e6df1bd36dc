using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Data;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Evaluation;

/// <summary>Compares decoded sets with their transcripts: weights are chosen on one set, all are reported at them.</summary>
/// <param name="recipe">Unit, weights, lexicon.</param>
/// <param name="words">The names of the words.</param>
public sealed class SetScorer(ScoreRecipe recipe, SymbolTable words)
{
    private const string ToneFreeSyllables = "SYL";

    private readonly SyllableErrorRate? _syllables =
        recipe.Lexicon is { } lexicon ? SyllableErrorRate.Read(lexicon, tones: false) : null;

    private (int LmWeight, float Penalty, string Set)? _chosen;

    /// <summary>Chooses the weights of the fewest errors on a set, and scores it there.</summary>
    /// <param name="decoding">The set.</param>
    /// <param name="set">The set in the recipe, which names its transcripts.</param>
    /// <param name="folder">Receives hypotheses, tables and details.</param>
    /// <exception cref="FileNotFoundException">There are no transcripts.</exception>
    /// <exception cref="InputException">Not one decoded utterance has a transcript.</exception>
    public IReadOnlyList<SetScore> Tune(SetDecoding decoding, CorpusSet set, string folder)
    {
        var table = Table(decoding, set);
        var best = WeightSearch.Best(table);
        _chosen = (best.LmWeight, best.WordPenalty, decoding.Set);
        return Report(decoding.Set, table, best, folder);
    }

    /// <summary>Scores a set at the weights that <see cref="Tune"/> chose.</summary>
    /// <inheritdoc cref="Tune"/>
    /// <exception cref="InvalidOperationException">No weights have been chosen yet.</exception>
    public IReadOnlyList<SetScore> Score(SetDecoding decoding, CorpusSet set, string folder)
    {
        var (weight, penalty, _) = _chosen ?? throw new InvalidOperationException("Weights are chosen before they are used.");
        var table = Table(decoding, set);
        return Report(decoding.Set, table, table.Single(score => score.LmWeight == weight && score.WordPenalty == penalty), folder);
    }

    /// <summary>The search over weights that a recipe asks for.</summary>
    internal static WeightSearchOptions OptionsOf(ScoreRecipe recipe) => new()
    {
        LmWeights = recipe.LmWeights,
        WordPenalties = [.. recipe.WordInsertionPenalties.Select(penalty => (float)penalty)],
        Score = new ScoreOptions { Unit = recipe.Unit },
    };

    private IReadOnlyList<WeightedScore> Table(SetDecoding decoding, CorpusSet set)
    {
        var utterances = SetLoader.UtterancesOf(set);
        var references = References(set, utterances);
        var speakers = utterances.ToDictionary(utterance => utterance.Id, utterance => utterance.Speaker);
        return WeightSearch.Run(decoding.Lattices, words, references, OptionsOf(recipe), speakers);
    }

    private Dictionary<string, string> References(CorpusSet set, IReadOnlyList<Utterance> utterances)
    {
        var file = set.Reference ?? recipe.Reference ?? Path.Combine(set.Dir, "text");
        var all = Transcripts.Read(file);
        var references = utterances
            .Where(utterance => all.ContainsKey(utterance.Id))
            .ToDictionary(utterance => utterance.Id, utterance => all[utterance.Id], StringComparer.Ordinal);
        return references.Count > 0
            ? references
            : throw new InputException($"{file}: no transcript for any utterance of {set.Dir}.");
    }

    private List<SetScore> Report(string set, IReadOnlyList<WeightedScore> table, WeightedScore best, string folder)
    {
        ScoreReport.Write(folder, table, best);
        var tunedOn = _chosen?.Set ?? set;
        var scores = new List<SetScore>
        {
            new(set, best.Sheet.Options.Measure, best.Sheet.Total, best.LmWeight, best.WordPenalty, tunedOn),
        };
        if (_syllables is not null)
            scores.Add(new(set, ToneFreeSyllables, _syllables.Count(best.Sheet), best.LmWeight, best.WordPenalty, tunedOn));

        return scores;
    }
}

/// <summary>The errors of a decoded set under one measure.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Measure">WER, CER, or SER for syllables without tones.</param>
/// <param name="Counts">The errors.</param>
/// <param name="LmWeight">The language-model weight.</param>
/// <param name="WordPenalty">The cost of a word.</param>
/// <param name="TunedOn">The set on which weight and penalty were chosen.</param>
public sealed record SetScore(
    string Set, string Measure, ErrorCounts Counts, int LmWeight, float WordPenalty, string TunedOn)
{
    /// <summary>The measure as Kaldi prints it, with set and weights.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Set}: {Counts.ToLine(Measure)} at language-model weight {LmWeight}, word penalty {WordPenalty} (chosen on {TunedOn})");
}
