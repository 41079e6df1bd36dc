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
    private ScoreSheet(ScoreOptions options, IReadOnlyList<ScoredUtterance> utterances, int missing)
    {
        Options = options;
        Utterances = utterances;
        Missing = missing;
        Total = Sum(utterances);
    }

    /// <summary>Gets the options of scoring.</summary>
    public ScoreOptions Options { get; }

    /// <summary>Gets the scored utterances, in the order of the references.</summary>
    public IReadOnlyList<ScoredUtterance> Utterances { get; }

    /// <summary>Gets the number of references without hypothesis.</summary>
    public int Missing { get; }

    /// <summary>Gets the errors of all utterances.</summary>
    public ErrorCounts Total { get; }

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
    /// <param name="hypotheses">Utterance to text; those without reference are ignored.</param>
    /// <param name="options">Unit, ignored words, missing hypotheses.</param>
    /// <param name="speakers">Utterance to speaker, for the detail by speaker.</param>
    public static ScoreSheet Score(
        IEnumerable<KeyValuePair<string, string>> references,
        IReadOnlyDictionary<string, string> hypotheses,
        ScoreOptions options,
        IReadOnlyDictionary<string, string>? speakers = null)
    {
        var scored = new List<ScoredUtterance>();
        var missing = 0;
        foreach (var (utterance, text) in references)
        {
            if (!hypotheses.TryGetValue(utterance, out var hypothesis))
            {
                missing++;
                if (options.Missing == MissingHypothesis.LeaveOut)
                    continue;
            }

            var reference = Tokens.Split(text, options.Unit);
            var tokens = Tokens.Split(hypothesis ?? "", options.Unit, options.Ignored);
            var alignment = EditDistance.Align(reference, tokens);
            var speaker = speakers?.GetValueOrDefault(utterance) ?? utterance;
            var counts = EditDistance.Count(alignment);
            scored.Add(new ScoredUtterance(utterance, speaker, reference, tokens, alignment, counts));
        }

        return new ScoreSheet(options, scored, missing);
    }

    private static ErrorCounts Sum(IEnumerable<ScoredUtterance> utterances) =>
        utterances.Aggregate(default(ErrorCounts), (sum, utterance) => sum + utterance.Counts);
}
