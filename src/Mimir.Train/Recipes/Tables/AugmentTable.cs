using Mimir.Config;
using Mimir.Features.Augmentation;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>augment</c>.</summary>
internal static class AugmentTable
{
    private static readonly Section<NoiseRecipe> Noise = new(new NoiseRecipe(), new()
    {
        {
            "dir", n => n.Dir, (n, v) => n with { Dir = v }, Kinds.Path,
            "A data directory of noises, or a list of them as reverberate_data_dir.py reads it.", true
        },
        {
            "root", n => n.Root, (n, v) => n with { Root = v }, Kinds.OptionalPath,
            "The folder that relative audio paths start from; without it the current one."
        },
        {
            "snr", n => n.Snr, (n, v) => n with { Snr = v },
            new ListKind<double>(Kinds.Number(-100, 100), 0, "a list of numbers"),
            "The signal-to-noise ratios to draw from, in decibels."
        },
        {
            "probability", n => n.Probability, (n, v) => n with { Probability = v }, Kinds.Number(0, 1),
            "How often an utterance gets noise."
        },
        {
            "foreground", n => n.Foreground, (n, v) => n with { Foreground = v }, Kinds.Flag,
            "Whether the noises of a directory follow each other; else one lasts throughout."
        },
        {
            "counts", n => n.Counts, (n, v) => n with { Counts = v },
            new ListKind<int>(Kinds.Whole(0, 100), 1, "a list of whole numbers"),
            "The numbers of background noises at a time, one of which is drawn."
        },
    });

    private static readonly Section<ReverberationRecipe> Reverberation = new(new ReverberationRecipe(), new()
    {
        {
            "rirs", r => r.Rirs, (r, v) => r with { Rirs = v }, Kinds.Path,
            "A list of impulse responses as reverberate_data_dir.py reads it, or a data directory of them.", true
        },
        {
            "root", r => r.Root, (r, v) => r with { Root = v }, Kinds.OptionalPath,
            "The folder that relative audio paths start from; without it the current one."
        },
        {
            "probability", r => r.Probability, (r, v) => r with { Probability = v }, Kinds.Number(0, 1),
            "How often an utterance is put into a room."
        },
    });

    private static readonly Section<SpecAugmentOptions> SpecAugment = new(new SpecAugmentOptions(), new()
    {
        {
            "time-masks", s => s.TimeMasks, (s, v) => s with { TimeMasks = v }, Kinds.Whole(0, 100),
            "The number of masks over time."
        },
        {
            "time-width", s => s.TimeWidth, (s, v) => s with { TimeWidth = v }, Kinds.Whole(0, 100_000),
            "The greatest width of a mask over time, in frames."
        },
        {
            "time-share", s => s.TimeShare, (s, v) => s with { TimeShare = v }, Kinds.Number(0, 1),
            "The greatest share of an utterance that one mask over time covers."
        },
        {
            "frequency-masks", s => s.FrequencyMasks, (s, v) => s with { FrequencyMasks = v }, Kinds.Whole(0, 100),
            "The number of masks over frequency."
        },
        {
            "frequency-width", s => s.FrequencyWidth, (s, v) => s with { FrequencyWidth = v }, Kinds.Whole(0, 100_000),
            "The greatest width of a mask over frequency, in dimensions before deltas."
        },
        {
            "value", s => s.Value, (s, v) => s with { Value = v },
            Kinds.Choice(("mean", MaskValue.Mean), ("zero", MaskValue.Zero)),
            "What masked features become: the mean of the utterance, or zero."
        },
    });

    /// <summary>Gets the section.</summary>
    public static Section<AugmentRecipe> Augment { get; } = new(new AugmentRecipe(), new()
    {
        {
            "speed", a => a.Speed, (a, v) => a with { Speed = v },
            new ListKind<double>(Kinds.Number(0.2, 5), 1, "a list of factors such as [0.9, 1.0, 1.1]"),
            "The factors of speed, one of which each utterance gets in an epoch; its targets follow."
        },
        {
            "volume", a => a.Volume, (a, v) => a with { Volume = v },
            new ListKind<double>(Kinds.Positive, 1, "the least and the greatest factor, such as [0.125, 2]"),
            "The range that each utterance's factor of samples is drawn from."
        },
        {
            "noise", a => a.Noise, (a, v) => a with { Noise = v }, new OptionalKind<NoiseRecipe>(Noise, new()),
            "Noise that is added."
        },
        {
            "reverberation", a => a.Reverberation, (a, v) => a with { Reverberation = v },
            new OptionalKind<ReverberationRecipe>(Reverberation, new()),
            "Rooms that speech is put into."
        },
        {
            "spec-augment", a => a.SpecAugment, (a, v) => a with { SpecAugment = v },
            new OptionalKind<SpecAugmentOptions>(SpecAugment, new()),
            "Masks over the normalised features, before deltas."
        },
    });
}
