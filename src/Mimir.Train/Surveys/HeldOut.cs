namespace Mimir.Train.Surveys;

/// <summary>Utterances that are held out of a training set for cross-validation: whole speakers where there are enough.</summary>
/// <param name="Train">The utterances that stay.</param>
/// <param name="Validation">Those that are held out, about a twentieth.</param>
internal sealed record HeldOut(IReadOnlyList<string> Train, IReadOnlyList<string> Validation)
{
    private const int Part = 20;

    /// <summary>Parts a set.</summary>
    public static HeldOut Of(FoundSet set)
    {
        var speakers = set.Utterances.GroupBy(utterance => utterance.Speaker, StringComparer.Ordinal).ToList();
        var bySpeaker = speakers.Count is var count && count >= Part && count < set.Utterances.Count;
        var groups = bySpeaker
            ? speakers.Select(speaker => speaker.Select(utterance => utterance.Id))
            : set.Utterances.Select(utterance => Enumerable.Repeat(utterance.Id, 1));
        var parts = groups.Index().ToLookup(pair => pair.Index % Part == Part / 2, pair => pair.Item);
        return new([.. parts[false].SelectMany(ids => ids)], [.. parts[true].SelectMany(ids => ids)]);
    }
}
