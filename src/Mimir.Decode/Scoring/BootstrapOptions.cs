namespace Mimir.Decode.Scoring;

/// <summary>How a bootstrap draws.</summary>
public sealed record BootstrapOptions
{
    /// <summary>How often utterances are drawn anew; at least 1. The default is 10,000.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>The seed of the draws. The default is 2004.</summary>
    public ulong Seed { get; init; } = 2004;

    /// <summary>The share of draws within the interval, above 0 and below 1. The default is 0.95.</summary>
    public double Level { get; init; } = 0.95;
}
