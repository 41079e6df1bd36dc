using System.Globalization;

namespace Mimir.Decode.Scoring;

/// <summary>One scored utterance.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Speaker">Its speaker; the utterance id where speakers are unknown.</param>
/// <param name="Reference">The reference tokens.</param>
/// <param name="Hypothesis">The hypothesis tokens.</param>
/// <param name="Alignment">Their alignment.</param>
/// <param name="Counts">The errors.</param>
public sealed record ScoredUtterance(
    string Utterance,
    string Speaker,
    IReadOnlyList<string> Reference,
    IReadOnlyList<string> Hypothesis,
    IReadOnlyList<EditStep> Alignment,
    ErrorCounts Counts);

/// <summary>The errors of a set of hypotheses: in all, by utterance and by speaker.</summary>
public sealed class ScoreSheet
{
    private readonly IReadOnlyDictionary<string, string> _references;
    private readonly IReadOnlyDictionary<string, string> _hypotheses;

    private ScoreSheet(
        IReadOnlyDictionary<string, string> references,
        IReadOnlyDictionary<string, string> hypotheses,
        ScoreOptions options,
        IReadOnlyList<ScoredUtterance> utterances)
    {
        (_references, _hypotheses, Options, Utterances) = (references, hypotheses, options, utterances);
        Total = Sum(utterances);
    }

    /// <summary>Gets the options of scoring.</summary>
    public ScoreOptions Options { get; }

    /// <summary>Gets the scored utterances, in the order of the references.</summary>
    public IReadOnlyList<ScoredUtterance> Utterances { get; }

    /// <summary>Gets the errors of all utterances.</summary>
    public ErrorCounts Total { get; }

    /// <summary>Gets the references without hypothesis.</summary>
    public IReadOnlyList<string> Missing => [.. _references.Keys.Where(id => !_hypotheses.ContainsKey(id))];

    /// <summary>Gets the hypotheses without reference, which are left out.</summary>
    public IReadOnlyList<string> Unknown => [.. _hypotheses.Keys.Where(id => !_references.ContainsKey(id))];

    /// <summary>Gets the number of utterances with at least one error.</summary>
    public int WrongUtterances => Utterances.Count(utterance => utterance.Counts.Errors > 0);

    /// <summary>Gets the errors by speaker, in the order of the speakers' names.</summary>
    public IReadOnlyList<KeyValuePair<string, ErrorCounts>> Speakers =>
    [
        .. Utterances.GroupBy(utterance => utterance.Speaker, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, Sum(group))),
    ];

    /// <summary>Scores hypotheses.</summary>
    /// <param name="references">Utterance to text; every one counts.</param>
    /// <param name="hypotheses">Utterance to text; those without reference are left out.</param>
    /// <param name="options">Unit, ignored words, missing hypotheses.</param>
    /// <param name="speakers">Utterance to speaker, for the detail by speaker.</param>
    public static ScoreSheet Score(
        IReadOnlyDictionary<string, string> references,
        IReadOnlyDictionary<string, string> hypotheses,
        ScoreOptions options,
        IReadOnlyDictionary<string, string>? speakers = null)
    {
        var scored = new List<ScoredUtterance>();
        foreach (var (utterance, text) in references)
        {
            if (!hypotheses.TryGetValue(utterance, out var hypothesis) && options.Missing == MissingHypothesis.LeaveOut)
                continue;

            var reference = Tokens.Split(text, options.Unit, options.Ignored);
            var tokens = Tokens.Split(hypothesis ?? "", options.Unit, options.Ignored);
            var alignment = EditDistance.Align(reference, tokens);
            var speaker = speakers?.GetValueOrDefault(utterance) ?? utterance;
            var counts = EditDistance.Count(alignment);
            scored.Add(new ScoredUtterance(utterance, speaker, reference, tokens, alignment, counts));
        }

        return new ScoreSheet(references, hypotheses, options, scored);
    }

    /// <summary>The reason why hypotheses have no error rate, or null when they have one.</summary>
    /// <param name="references">Utterance to text.</param>
    /// <param name="hypotheses">Utterance to text.</param>
    /// <param name="ignored">The words that are taken out.</param>
    public static string? Obstacle(
        IReadOnlyDictionary<string, string> references, IReadOnlyDictionary<string, string> hypotheses, IReadOnlySet<string> ignored)
    {
        if (references.Count == 0)
            return "there is no reference";
        if (hypotheses.Count == 0)
            return "there is no hypothesis";
        if (!hypotheses.Keys.Any(references.ContainsKey))
        {
            return $"references and hypotheses have no utterance in common (the first are '{references.Keys.First()}' and "
                + $"'{hypotheses.Keys.First()}')";
        }

        return references.Values.Any(text => Tokens.Words(text).Any(word => !ignored.Contains(word)))
            ? null
            : "the references have not one word";
    }

    /// <summary>Counts what was left out, taken out or written otherwise: a line each, none when all is in order.</summary>
    public IReadOnlyList<string> Notes()
    {
        var notes = new List<string>();
        var treatment = Options.Missing == MissingHypothesis.LeaveOut ? "left out" : "counted as deleted";
        Add(Missing, $"no hypothesis and {(Missing.Count == 1 ? "is" : "are")} {treatment}", "reference");
        Add(Unknown, $"no reference and {(Unknown.Count == 1 ? "is" : "are")} left out", "hypothesis");
        Add([.. Utterances.Where(row => row.Reference.Count == 0).Select(row => row.Utterance)], "no words", "reference");
        if (Count(_references) + Count(_hypotheses) is > 0 and var taken)
            notes.Add($"{taken} ignored words are taken out, {Count(_references)} of references and {Count(_hypotheses)} of hypotheses");
        if (WrittenOtherwise() is > 0 and var written)
            notes.Add($"{written} of the errors are differences of case, width or invisible characters alone (A, a, Ａ)");
        if (HasMarks(_references) != HasMarks(_hypotheses))
        {
            var (marked, plain) = HasMarks(_references) ? ("references", "hypotheses") : ("hypotheses", "references");
            notes.Add($"{marked} have combining accents and {plain} have none: bring both into one Unicode form (uconv -x nfc)");
        }

        return notes;

        void Add(IReadOnlyList<string> utterances, string what, string noun)
        {
            if (utterances.Count == 0)
                return;

            var plural = noun == "hypothesis" ? "hypotheses" : "references";
            notes.Add($"{utterances.Count} {(utterances.Count == 1 ? $"{noun} has" : $"{plural} have")} {what} "
                + $"({string.Join(", ", utterances.Take(3))}{(utterances.Count > 3 ? ", …" : "")})");
        }

        long Count(IReadOnlyDictionary<string, string> texts) => Options.Ignored.Count == 0
            ? 0
            : Utterances.Sum(row => Tokens.Words(texts.GetValueOrDefault(row.Utterance, "")).LongCount(Options.Ignored.Contains));
    }

    // The errors that vanish in lower case, half width and without zero-width spaces and the like.
    private long WrittenOtherwise()
    {
        var wrong = Utterances.Where(row => row.Counts.Errors > 0).Select(row => row.Utterance).ToList();
        var folded = Score(
            wrong.ToDictionary(id => id, id => Fold(_references[id]), StringComparer.Ordinal),
            wrong.ToDictionary(id => id, id => Fold(_hypotheses.GetValueOrDefault(id, "")), StringComparer.Ordinal),
            Options with { Ignored = Options.Ignored.Select(Fold).ToHashSet(StringComparer.Ordinal) });
        return Total.Errors - folded.Total.Errors;

        // The full-width forms of ASCII lie in its order.
        static string Fold(string text) => string.Concat(text
            .Where(letter => char.GetUnicodeCategory(letter) != UnicodeCategory.Format)
            .Select(letter => char.ToLowerInvariant(letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter)));
    }

    private static bool HasMarks(IReadOnlyDictionary<string, string> texts) =>
        texts.Values.Any(text => text.AsSpan().ContainsAnyInRange('\u0300', '\u036F'));

    private static ErrorCounts Sum(IEnumerable<ScoredUtterance> utterances) =>
        utterances.Aggregate(default(ErrorCounts), (sum, utterance) => sum + utterance.Counts);
}
