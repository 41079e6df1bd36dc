using Mimir.Decode.Scoring;

namespace Mimir.Train.Reports;

/// <summary>The errors of a scored set to look at first.</summary>
public sealed record ErrorsFound : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The measure: <c>WER</c> or <c>CER</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>The worst utterances and speakers, and the most frequent errors.</summary>
    public required ErrorDigest Digest { get; init; }
}

/// <summary>The run was compared with an earlier one.</summary>
public sealed record RunCompared : RunEvent
{
    /// <summary>The folder of the earlier run.</summary>
    public required string Folder { get; init; }

    /// <summary>The time when the earlier run ended.</summary>
    public DateTimeOffset Ended { get; init; }

    /// <summary>The earlier run's share of cross-validation frames classified right, from 0 to 1, or null.</summary>
    public double? FrameAccuracy { get; init; }

    /// <summary>The earlier run's training speed in frames a second, or null.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The time that the earlier run worked, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The sets that both have scored in the same utterances.</summary>
    public IReadOnlyList<SetCompared> Sets { get; init; } = [];

    /// <summary>The sets that could not be compared, with the reason.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>An error rate beside that of an earlier run (paired bootstrap over utterances).</summary>
/// <param name="Set">The set.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Before">The earlier error rate, in per cent.</param>
/// <param name="Now">The error rate of this run, in per cent.</param>
/// <param name="Low">The lower end of the difference's interval of 95%.</param>
/// <param name="High">Its upper end.</param>
/// <param name="ProbabilityOfImprovement">The share of draws in which this run has fewer errors.</param>
/// <param name="IsSignificant">True when the difference is beyond chance, at 5%.</param>
public sealed record SetCompared(
    string Set, string Measure, double Before, double Now, double Low, double High, double ProbabilityOfImprovement, bool IsSignificant)
{
    /// <summary>Gets the verdict in words.</summary>
    public string Verdict => !IsSignificant ? "within chance" : Now < Before ? "better beyond chance" : "worse beyond chance";
}
