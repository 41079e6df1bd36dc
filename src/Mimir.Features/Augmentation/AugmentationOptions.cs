namespace Mimir.Features.Augmentation;

/// <summary>What is done to waves before features are made of them. By default nothing.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Gets the factors of speed, one of which is drawn for each utterance; empty for none.</summary>
    public IReadOnlyList<double> Speeds { get; init; } = [];

    /// <summary>Gets the range that a factor of samples is drawn from evenly, or null for none; Kaldi's is 0.125 to 2.</summary>
    public (double Low, double High)? Volume { get; init; }

    /// <summary>Gets the noises, or null for none.</summary>
    public NoiseOptions? Noise { get; init; }

    /// <summary>Gets the rooms, or null for none.</summary>
    public ReverberationOptions? Reverberation { get; init; }

    /// <summary>Gets whether there is anything to do.</summary>
    public bool IsAny => Speeds.Count > 0 || Volume is not null || Noise is not null || Reverberation is not null;

    /// <summary>Checks what needs no file.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public void Validate()
    {
        foreach (var speed in Speeds)
            SpeedPerturbation.Check(speed);
        if (Volume is var (low, high) && !(low > 0 && low <= high && high <= 1000))
            throw new ArgumentException(FormattableString.Invariant($"volume: expected a range of factors above 0, got {low} to {high}."));

        Share("noise: probability", Noise?.Probability);
        Share("noise: smoothing", Noise?.Smoothing);
        Share("reverberation: probability", Reverberation?.Probability);
        Share("reverberation: smoothing", Reverberation?.Smoothing);
        if (Noise is { } noise
            && (noise.BackgroundCounts.Count == 0 || noise.BackgroundCounts.Any(count => count is < 0 or > 100)
                || !(noise.ForegroundInterval >= 0) || noise.MaxPerMinute < 1))
        {
            throw new ArgumentException(
                "noise: expected counts from 0 to 100, an interval of 0 s or more, and at least one noise a minute.");
        }
    }

    private static void Share(string name, double? value)
    {
        if (value is { } share && !(share >= 0 && share <= 1))
            throw new ArgumentException(FormattableString.Invariant($"{name}: expected 0 to 1, got {share}."));
    }
}
