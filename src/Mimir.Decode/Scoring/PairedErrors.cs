using Mimir.Base;

namespace Mimir.Decode.Scoring;

/// <summary>Tests the errors of two systems in the same utterances of a set.</summary>
public static class PairedErrors
{
    /// <summary>Compares the errors of two systems, after a check that both have the same utterances and transcripts.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="first">The folder of the system to compare with, and its errors by utterance.</param>
    /// <param name="second">The other's.</param>
    /// <param name="options">The draws; null for the defaults.</param>
    /// <exception cref="InputException">The utterances or their transcripts differ.</exception>
    public static BootstrapResult Test(
        string set,
        (string Folder, IReadOnlyList<KeyValuePair<string, ErrorCounts>> Errors) first,
        (string Folder, IReadOnlyList<KeyValuePair<string, ErrorCounts>> Errors) second,
        BootstrapOptions? options = null)
    {
        var errors = second.Errors.ToDictionary(StringComparer.Ordinal);
        var unmatched = first.Errors.Select(utterance => utterance.Key).Except(errors.Keys)
            .Concat(errors.Keys.Except(first.Errors.Select(utterance => utterance.Key)))
            .ToList();
        if (unmatched.Count > 0)
        {
            throw new InputException(
                $"{second.Folder}: expected the utterances of {first.Folder} in the set '{set}', got others: {unmatched[0]}"
                + $"{(unmatched.Count > 1 ? $" and {unmatched.Count - 1} more" : "")} in one of the two only; "
                + "decode both with the same data");
        }

        if (first.Errors.FirstOrDefault(utterance => utterance.Value.Reference != errors[utterance.Key].Reference) is { Key: { } other })
        {
            throw new InputException(
                $"{second.Folder}: expected the transcripts of {first.Folder} in the set '{set}', got another one of {other}; "
                + "score both with the same transcripts and unit");
        }

        return PairedBootstrap.Compare(
            [.. first.Errors.Select(utterance => utterance.Value)], [.. first.Errors.Select(utterance => errors[utterance.Key])], options);
    }
}
