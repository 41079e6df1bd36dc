using System.Globalization;
using Mimir.Features.Augmentation;

namespace Mimir.Train.Recipes;

/// <summary>How the training set is changed anew in each epoch; the other sets stay as they are.</summary>
public sealed record AugmentRecipe
{
    /// <summary>The factors of speed, one of which each utterance gets in an epoch; empty, the default, for none.</summary>
    public IReadOnlyList<double> Speed { get; init; } = [];

    /// <summary>The least and the greatest factor of samples, between which one is drawn; empty, the default, for none.</summary>
    public IReadOnlyList<double> Volume { get; init; } = [];

    /// <summary>Noise that is added, or null for none.</summary>
    public NoiseRecipe? Noise { get; init; }

    /// <summary>Rooms that speech is put into, or null for none.</summary>
    public ReverberationRecipe? Reverberation { get; init; }

    /// <summary>Masks over the features, or null for none.</summary>
    public SpecAugmentOptions? SpecAugment { get; init; }

    /// <summary>Gets whether waves are changed, so that features are extracted anew in each epoch.</summary>
    public bool ChangesWaves => Speed.Count > 0 || Volume.Count > 0 || Noise is not null || Reverberation is not null;

    /// <summary>The changes of waves.</summary>
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

    /// <summary>Everything that decides the training frames, in one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"speed {string.Join(' ', Speed)} volume {string.Join(' ', Volume)} noise {Noise} reverberation {Reverberation} masks {SpecAugment}");
}

/// <summary>Noise that is added to utterances.</summary>
public sealed record NoiseRecipe
{
    /// <summary>A data directory of noises, or a list as Kaldi's reverberate_data_dir.py reads it.</summary>
    public string Dir { get; init; } = "";

    /// <summary>The folder that relative audio paths start from, or null for the current one.</summary>
    public string? Root { get; init; }

    /// <summary>The signal-to-noise ratios to draw from, in decibels. The default is 20, 10 and 0.</summary>
    public IReadOnlyList<double> Snr { get; init; } = [20, 10, 0];

    /// <summary>How often an utterance gets noise, from 0 to 1. The default is 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether the noises of a directory follow each other; by default one lasts throughout.</summary>
    public bool Foreground { get; init; }

    /// <summary>The numbers of background noises at a time, one of which is drawn. The default is 1.</summary>
    public IReadOnlyList<int> Counts { get; init; } = [1];

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Dir} {Root} {string.Join(' ', Snr)} {Probability} {Foreground} {string.Join(' ', Counts)}");
}

/// <summary>Rooms that speech is put into.</summary>
public sealed record ReverberationRecipe
{
    /// <summary>A list of impulse responses as Kaldi's reverberate_data_dir.py reads it, or a data directory of them.</summary>
    public string Rirs { get; init; } = "";

    /// <summary>The folder that relative audio paths start from, or null for the current one.</summary>
    public string? Root { get; init; }

    /// <summary>How often an utterance is put into a room, from 0 to 1. The default is 1.</summary>
    public double Probability { get; init; } = 1;
}
