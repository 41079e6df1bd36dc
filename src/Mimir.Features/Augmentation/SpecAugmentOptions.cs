namespace Mimir.Features.Augmentation;

/// <summary>What masked features become.</summary>
public enum MaskValue
{
    /// <summary>The mean of the utterance, each dimension alone.</summary>
    Mean,

    /// <summary>Zero, which is the mean of features that are normalised.</summary>
    Zero,
}

/// <summary>How features are masked; the defaults are the policy SM of Park et al. (2019) without its time warp.</summary>
public sealed record SpecAugmentOptions
{
    /// <summary>Gets the number of masks over time. The default is 2.</summary>
    public int TimeMasks { get; init; } = 2;

    /// <summary>Gets the greatest width of a mask over time, in frames. The default is 70.</summary>
    public int TimeWidth { get; init; } = 70;

    /// <summary>Gets the greatest share of an utterance's frames that one mask over time covers, from 0 to 1. The default is 0.2.</summary>
    public double TimeShare { get; init; } = 0.2;

    /// <summary>Gets the number of masks over frequency. The default is 2.</summary>
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>Gets the greatest width of a mask over frequency, in dimensions. The default is 15.</summary>
    public int FrequencyWidth { get; init; } = 15;

    /// <summary>Gets what masked values become. The default is the mean.</summary>
    public MaskValue Value { get; init; } = MaskValue.Mean;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A number is below 0, or the share is above 1.</exception>
    public void Validate()
    {
        if (TimeMasks < 0 || TimeWidth < 0 || FrequencyMasks < 0 || FrequencyWidth < 0 || !(TimeShare >= 0 && TimeShare <= 1))
            throw new ArgumentException("spec-augment: expected counts and widths of 0 or more, and a time-share from 0 to 1.");
    }
}
