using System.Globalization;

namespace Mimir.Features.Directories;

/// <summary>What became of a data directory.</summary>
/// <param name="Folder">Where the features are.</param>
/// <param name="Total">The utterances that were asked for, copies too.</param>
/// <param name="Utterances">Those that have features.</param>
/// <param name="Frames">Their frames.</param>
/// <param name="Dimension">The values of a frame.</param>
/// <param name="Seconds">Their audio, in seconds.</param>
/// <param name="Failures">Why others have none: how many, and the first of them, by reason.</param>
public sealed record FeatureDirectorySummary(
    string Folder,
    int Total,
    int Utterances,
    long Frames,
    int Dimension,
    double Seconds,
    IReadOnlyDictionary<string, (int Count, string First)> Failures)
{
    /// <summary>One line: how many of how many, and each reason with its first utterance.</summary>
    public override string ToString()
    {
        var made = string.Create(
            CultureInfo.InvariantCulture,
            $"{Folder}: {Utterances} of {Total} utterances, {Frames} frames of {Dimension} values, {Seconds / 3600:0.00} hours");
        return Failures.Count == 0 ? made : $"{made}; {Reasons}";
    }

    internal string Reasons => string.Join(
        "; ", Failures.OrderByDescending(reason => reason.Value.Count).Select(reason => $"{reason.Value.Count} {reason.Key} (first {reason.Value.First})"));
}
