using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Scoring;
using Mimir.Train.Recipes;

namespace Mimir.Train.Evaluation;

/// <summary>Compares decoded sets with their transcripts: weights are chosen on one set, all are reported at them.</summary>
/// <remarks>
/// A set without transcripts is no error: its hypotheses are written, and a note says that its error rate is left out. Where
/// that set was to choose the weights, the language-model weight nearest to 1 / acoustic-scale and the first word penalty serve.
/// </remarks>
public sealed class SetScorer
{
    private const string ToneFreeSyllables = "SYL";

    private readonly ScoreRecipe _recipe;
    private readonly SymbolTable _words;
    private readonly Action<string> _note;
    private readonly SyllableErrorRate? _syllables;
    private readonly Dictionary<string, SetTranscripts> _transcripts;
    private (int LmWeight, float Penalty, string? Set) _chosen;

    /// <summary>Reads the transcripts of all sets, so that a damaged file is found before anything is decoded.</summary>
    /// <param name="recipe">Unit, weights, lexicon.</param>
    /// <param name="words">The names of the words.</param>
    /// <param name="sets">The sets that will be scored, by name.</param>
    /// <param name="note">Takes a line about what was left out.</param>
    /// <exception cref="InputException">Transcripts or the lexicon are malformed.</exception>
    public SetScorer(DecodeRecipe recipe, SymbolTable words, IEnumerable<KeyValuePair<string, CorpusSet>> sets, Action<string> note)
    {
        (_recipe, _words, _note) = (recipe.Score, words, note);
        _syllables = _recipe.Lexicon is { } lexicon ? SyllableErrorRate.Read(lexicon, tones: false) : null;
        _transcripts = sets.ToDictionary(set => set.Key, set => SetTranscripts.Read(_recipe, set.Value), StringComparer.Ordinal);
        _chosen = (
            _recipe.LmWeights.MinBy(weight => Math.Abs(weight - 1 / recipe.AcousticScale)),
            (float)_recipe.WordInsertionPenalties[0],
            null);
    }

    /// <summary>Chooses the weights of the fewest errors on a set, and scores it there.</summary>
    /// <param name="decoding">The set.</param>
    /// <param name="folder">Receives hypotheses, and with transcripts tables and details.</param>
    /// <returns>The scores; none without transcripts.</returns>
    public IReadOnlyList<SetScore> Tune(SetDecoding decoding, string folder)
    {
        if (Table(decoding, folder) is not { } table)
            return [];

        var best = WeightSearch.Best(table);
        _chosen = (best.LmWeight, best.WordPenalty, decoding.Set);
        return Report(decoding.Set, table, best, folder);
    }

    /// <summary>Scores a set at the weights that <see cref="Tune"/> chose.</summary>
    /// <inheritdoc cref="Tune"/>
    public IReadOnlyList<SetScore> Score(SetDecoding decoding, string folder)
    {
        if (Table(decoding, folder) is not { } table)
            return [];

        var chosen = table.Single(score => score.LmWeight == _chosen.LmWeight && score.WordPenalty == _chosen.Penalty);
        return Report(decoding.Set, table, chosen, folder);
    }

    /// <summary>The search over weights that a recipe asks for.</summary>
    internal static WeightSearchOptions OptionsOf(ScoreRecipe recipe) => new()
    {
        LmWeights = recipe.LmWeights,
        WordPenalties = [.. recipe.WordInsertionPenalties.Select(penalty => (float)penalty)],
        Score = new ScoreOptions { Unit = recipe.Unit, Ignored = recipe.Ignored },
    };

    /// <summary>Writes the hypotheses at one pair of weights, without an error rate.</summary>
    internal static void WriteHypotheses(SetDecoding decoding, SymbolTable words, int lmWeight, float penalty, string folder)
    {
        Directory.CreateDirectory(folder);
        ScoreReport.Remove(folder);
        Transcripts.Write(Path.Combine(folder, "hyp.txt"), WeightSearch.Hypotheses(decoding.Lattices, words, lmWeight, penalty));
    }

    // Null without transcripts.
    private IReadOnlyList<WeightedScore>? Table(SetDecoding decoding, string folder)
    {
        var (references, speakers, obstacle) = _transcripts[decoding.Set];
        if (obstacle is null)
            return WeightSearch.Run(decoding.Lattices, _words, references, OptionsOf(_recipe), speakers);

        WriteHypotheses(decoding, _words, _chosen.LmWeight, _chosen.Penalty, folder);
        _note(FormattableString.Invariant(
            $"set '{decoding.Set}': {obstacle}, so the error rate is left out; hyp.txt has the words at language-model weight ")
            + FormattableString.Invariant($"{_chosen.LmWeight}, word penalty {_chosen.Penalty} ({SetScore.Choice(_chosen.Set)})"));
        return null;
    }

    private List<SetScore> Report(string set, IReadOnlyList<WeightedScore> table, WeightedScore best, string folder)
    {
        ScoreReport.Write(folder, table, best);
        foreach (var note in best.Sheet.Notes())
            _note($"set '{set}': {note}");

        var scores = new List<SetScore>
        {
            new(set, best.Sheet.Options.Measure, best.Sheet.Total, best.LmWeight, best.WordPenalty, _chosen.Set)
            {
                Digest = ErrorDigest.Of(best.Sheet),
            },
        };
        if (_syllables is not null)
            scores.Add(new(set, ToneFreeSyllables, _syllables.Count(best.Sheet), best.LmWeight, best.WordPenalty, _chosen.Set));

        return scores;
    }
}

/// <summary>The errors of a decoded set under one measure.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Measure">WER, CER, or SER for syllables without tones.</param>
/// <param name="Counts">The errors.</param>
/// <param name="LmWeight">The language-model weight.</param>
/// <param name="WordPenalty">The cost of a word.</param>
/// <param name="TunedOn">The set on which weight and penalty were chosen; null when there was none to choose on.</param>
public sealed record SetScore(
    string Set, string Measure, ErrorCounts Counts, int LmWeight, float WordPenalty, string? TunedOn)
{
    /// <summary>Gets the worst utterances and speakers; null for a measure that has no transcripts of its own.</summary>
    public ErrorDigest? Digest { get; init; }

    /// <summary>The measure as Kaldi prints it, with set and weights.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Set}: {Counts.ToLine(Measure)} at language-model weight {LmWeight}, word penalty {WordPenalty} ({Choice(TunedOn)})");

    internal static string Choice(string? tunedOn) => tunedOn is null ? "not tuned" : $"chosen on {tunedOn}";
}
