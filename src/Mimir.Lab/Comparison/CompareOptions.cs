using Mimir.Decode.Scoring;

namespace Mimir.Lab.Comparison;

/// <summary>How runs are compared.</summary>
public sealed record CompareOptions
{
    /// <summary>The sets whose error rates are compared. The default is none: all that every run has decoded.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>How utterances are drawn; the interval is that of 95%.</summary>
    public BootstrapOptions Bootstrap { get; init; } = new();
}
