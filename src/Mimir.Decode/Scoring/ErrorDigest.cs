namespace Mimir.Decode.Scoring;

/// <summary>The errors of an utterance with their alignment, as <c>per_utt</c> shows them.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Speaker">Its speaker.</param>
/// <param name="Errors">The number of errors.</param>
/// <param name="Words">The number of reference tokens.</param>
/// <param name="Reference">The reference, <c>***</c> where the hypothesis has a token more.</param>
/// <param name="Hypothesis">The hypothesis, <c>***</c> where it lacks a token.</param>
/// <param name="Operations">A letter for each column: C, S, I or D.</param>
public sealed record AlignedErrors(
    string Utterance,
    string Speaker,
    long Errors,
    long Words,
    IReadOnlyList<string> Reference,
    IReadOnlyList<string> Hypothesis,
    string Operations);

/// <summary>The errors of a speaker.</summary>
/// <param name="Speaker">The speaker.</param>
/// <param name="Utterances">The number of utterances.</param>
/// <param name="Errors">The number of errors.</param>
/// <param name="Words">The number of reference tokens.</param>
/// <param name="Confusions">The errors that are most frequent.</param>
public sealed record SpeakerErrors(
    string Speaker, int Utterances, long Errors, long Words, IReadOnlyList<Confusion> Confusions);

/// <summary>An error and how often it is there.</summary>
/// <param name="Reference">The reference token; empty for an insertion.</param>
/// <param name="Hypothesis">The hypothesis token; empty for a deletion.</param>
/// <param name="Count">The number of times.</param>
public sealed record Confusion(string Reference, string Hypothesis, long Count);

/// <summary>The first things to look at in the errors of a set: the worst utterances and speakers, and the most frequent errors.</summary>
/// <param name="Utterances">The utterances with the most errors.</param>
/// <param name="Speakers">The speakers with the highest error rates; none where speakers are not known.</param>
/// <param name="Confusions">The most frequent errors.</param>
public sealed record ErrorDigest(
    IReadOnlyList<AlignedErrors> Utterances, IReadOnlyList<SpeakerErrors> Speakers, IReadOnlyList<Confusion> Confusions)
{
    private const int Most = 10;
    private const int MostOfSpeaker = 3;

    /// <summary>Digests a score sheet.</summary>
    public static ErrorDigest Of(ScoreSheet sheet)
    {
        var wrong = sheet.Utterances.Where(row => row.Counts.Errors > 0)
            .OrderByDescending(row => row.Counts.Errors)
            .ThenBy(row => row.Counts.Reference)
            .ThenBy(row => row.Utterance, StringComparer.Ordinal);
        var speakers = sheet.Utterances.GroupBy(row => row.Speaker, StringComparer.Ordinal).ToList();
        return new(
            [.. wrong.Take(Most).Select(Aligned)],
            speakers.Count == sheet.Utterances.Count ? [] : [.. Worst(speakers)],
            Frequent(sheet.Utterances, Most));
    }

    /// <summary>The columns of an alignment: reference, hypothesis and operations.</summary>
    internal static AlignedErrors Aligned(ScoredUtterance row) => new(
        row.Utterance,
        row.Speaker,
        row.Counts.Errors,
        row.Counts.Reference,
        [.. row.Alignment.Select(step => step.Reference < 0 ? "***" : row.Reference[step.Reference])],
        [.. row.Alignment.Select(step => step.Hypothesis < 0 ? "***" : row.Hypothesis[step.Hypothesis])],
        string.Concat(row.Alignment.Select(step => step.Operation.ToString()[..1])));

    private static IEnumerable<SpeakerErrors> Worst(IEnumerable<IGrouping<string, ScoredUtterance>> speakers) => speakers
        .Select(group => (Rows: group.ToList(), Counts: group.Aggregate(default(ErrorCounts), (sum, row) => sum + row.Counts), group.Key))
        .Where(speaker => speaker.Counts.Errors > 0)
        .OrderByDescending(speaker => speaker.Counts.Percent)
        .ThenBy(speaker => speaker.Key, StringComparer.Ordinal)
        .Take(Most)
        .Select(speaker => new SpeakerErrors(
            speaker.Key, speaker.Rows.Count, speaker.Counts.Errors, speaker.Counts.Reference, Frequent(speaker.Rows, MostOfSpeaker)));

    private static IReadOnlyList<Confusion> Frequent(IEnumerable<ScoredUtterance> rows, int most) =>
    [
        .. rows.SelectMany(Errors)
            .GroupBy(error => error)
            .Select(group => new Confusion(group.Key.Reference, group.Key.Hypothesis, group.LongCount()))
            .OrderByDescending(confusion => confusion.Count)
            .ThenBy(confusion => confusion.Reference, StringComparer.Ordinal)
            .ThenBy(confusion => confusion.Hypothesis, StringComparer.Ordinal)
            .Take(most),
    ];

    private static IEnumerable<(string Reference, string Hypothesis)> Errors(ScoredUtterance row) => row.Alignment
        .Where(step => step.Operation != EditOperation.Correct)
        .Select(step => (
            step.Reference < 0 ? "" : row.Reference[step.Reference], step.Hypothesis < 0 ? "" : row.Hypothesis[step.Hypothesis]));
}
