using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Features.Augmentation;

namespace Mimir.Train.Recipes;

/// <summary>Augmentation of the training set, anew in each epoch; the other sets stay as they are.</summary>
public sealed record AugmentRecipe
{
    /// <summary>Speed factors, one of which each utterance gets in an epoch; its targets follow.</summary>
    [Option("speed", Min = 0.2, Max = 5, Expected = "a list of factors such as [0.9, 1.0, 1.1]")]
    public IReadOnlyList<double> Speed { get; init; } = [];

    /// <summary>The least and the greatest factor of samples, between which the factor of each utterance is drawn.</summary>
    [Option("volume", Min = 0, MinExcluded = true, Expected = "the least and the greatest factor, such as [0.125, 2]")]
    public IReadOnlyList<double> Volume { get; init; } = [];

    /// <summary>Noise that is added to utterances.</summary>
    [Option("noise")]
    public NoiseRecipe? Noise { get; init; }

    /// <summary>Reverberation by the impulse responses of rooms.</summary>
    [Option("reverberation")]
    public ReverberationRecipe? Reverberation { get; init; }

    /// <summary>Masks over the normalised features, before deltas.</summary>
    [Option("spec-augment")]
    public SpecAugmentOptions? SpecAugment { get; init; }

    /// <summary>True when waves are changed, so that features are extracted anew in each epoch.</summary>
    public bool ChangesWaves => Speed.Count > 0 || Volume.Count > 0 || Noise is not null || Reverberation is not null;

    /// <summary>The options of the changes of waves.</summary>
    public AugmentationOptions WaveOptions() => new()
    {
        Speeds = Speed,
        Volume = Volume is [var low, var high] ? (low, high) : null,
        Noise = Noise is null ? null : new()
        {
            Sources = [Noise.Dir],
            Root = Noise.Root,
            Probability = Noise.Probability,
            BackgroundSnr = SnrChoice.Of(Noise.Snr),
            ForegroundSnr = SnrChoice.Of(Noise.Snr),
            Foreground = Noise.Foreground,
            BackgroundCounts = Noise.Counts,
        },
        Reverberation = Reverberation is null ? null : new()
        {
            Sources = [Reverberation.Rirs],
            Root = Reverberation.Root,
            Probability = Reverberation.Probability,
        },
    };
}

/// <summary>Noise that is added to utterances.</summary>
public sealed record NoiseRecipe
{
    /// <summary>A data directory of noises, or a list of them in the form of reverberate_data_dir.py.</summary>
    [Option("dir", Required = true), ValueKind<PathKind>]
    public string Dir { get; init; } = "";

    /// <summary>The folder that relative audio paths start from; without it the current one.</summary>
    [Option("root"), ValueKind<PathKind>]
    public string? Root { get; init; }

    /// <summary>The signal-to-noise ratios to draw from, in decibels.</summary>
    [Option("snr", Min = -100, Max = 100, Expected = "a list of numbers")]
    public IReadOnlyList<double> Snr { get; init; } = [20, 10, 0];

    /// <summary>The probability that an utterance gets noise.</summary>
    [Option("probability", Min = 0, Max = 1)]
    public double Probability { get; init; } = 1;

    /// <summary>True: the noises of a directory follow each other. Otherwise one lasts throughout.</summary>
    [Option("foreground")]
    public bool Foreground { get; init; }

    /// <summary>The numbers of simultaneous background noises, one of which is drawn.</summary>
    [Option("counts", Min = 0, Max = 100, Expected = "a list of whole numbers")]
    public IReadOnlyList<int> Counts { get; init; } = [1];
}

/// <summary>Reverberation by the impulse responses of rooms.</summary>
public sealed record ReverberationRecipe
{
    /// <summary>A list of impulse responses in the form of reverberate_data_dir.py, or a data directory of them.</summary>
    [Option("rirs", Required = true), ValueKind<PathKind>]
    public string Rirs { get; init; } = "";

    /// <summary>The folder that relative audio paths start from; without it the current one.</summary>
    [Option("root"), ValueKind<PathKind>]
    public string? Root { get; init; }

    /// <summary>The probability that an utterance is reverberated.</summary>
    [Option("probability", Min = 0, Max = 1)]
    public double Probability { get; init; } = 1;
}
