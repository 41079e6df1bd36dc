using Mimir.Base;
using Mimir.Features.Extraction;

namespace Mimir.Features.Pitch;

/// <summary>The options of pitch features by Kaldi's own names: one table for recipes and command lines.</summary>
public static class PitchOptionNames
{
    /// <summary>Gets the options of the tracker, in the order that help shows them.</summary>
    public static IReadOnlyList<PitchOption> Tracking { get; } =
    [
        Of("sample-frequency", "Rate of the waves, in hertz", o => o.SampleFrequency, (o, v) => o with { SampleFrequency = v }),
        Of("frame-length", "Frame length in milliseconds", o => o.FrameLength, (o, v) => o with { FrameLength = v }),
        Of("frame-shift", "Frame shift in milliseconds", o => o.FrameShift, (o, v) => o with { FrameShift = v }),
        Of("preemphasis-coefficient", "Coefficient of pre-emphasis (0 for none)", o => o.PreemphasisCoefficient,
            (o, v) => o with { PreemphasisCoefficient = v }),
        Of("min-f0", "Lowest pitch, in hertz", o => o.MinF0, (o, v) => o with { MinF0 = v }),
        Of("max-f0", "Highest pitch, in hertz", o => o.MaxF0, (o, v) => o with { MaxF0 = v }),
        Of("soft-min-f0", "Low pitch that is made unlikely, in hertz", o => o.SoftMinF0, (o, v) => o with { SoftMinF0 = v }),
        Of("penalty-factor", "Cost of a change of pitch", o => o.PenaltyFactor, (o, v) => o with { PenaltyFactor = v }),
        Of("lowpass-cutoff", "Cutoff of the low-pass filter, in hertz", o => o.LowpassCutoff,
            (o, v) => o with { LowpassCutoff = v }),
        Of("resample-frequency", "Rate that waves are brought down to, in hertz; at least twice lowpass-cutoff",
            o => o.ResampleFrequency, (o, v) => o with { ResampleFrequency = v }),
        Of("delta-pitch", "Smallest relative change of pitch that is told apart", o => o.DeltaPitch,
            (o, v) => o with { DeltaPitch = v }),
        Of("nccf-ballast", "Lowers the correlation of quiet frames", o => o.NccfBallast, (o, v) => o with { NccfBallast = v }),
        Of("nccf-ballast-online", "Ballast from the wave up to each frame", o => o.NccfBallastOnline,
            (o, v) => o with { NccfBallastOnline = v }),
        Of("lowpass-filter-width", "Width of the low-pass filter; more is sharper", o => o.LowpassFilterWidth,
            (o, v) => o with { LowpassFilterWidth = v }),
        Of("upsample-filter-width", "Width of the filter between lags", o => o.UpsampleFilterWidth,
            (o, v) => o with { UpsampleFilterWidth = v }),
        Of("frames-per-chunk", "Frames that arrive at once, as online (0 for all)", o => o.FramesPerChunk,
            (o, v) => o with { FramesPerChunk = v }),
        Of("simulate-first-pass-online", "Take each frame as soon as it is ready, with --frames-per-chunk",
            o => o.SimulateFirstPassOnline, (o, v) => o with { SimulateFirstPassOnline = v }),
        Of("recompute-frame", "Frame at which the ballast of the first frames is computed anew", o => o.RecomputeFrame,
            (o, v) => o with { RecomputeFrame = v }),
        Of("max-frames-latency", "Frames that the first pass may wait for the path to settle", o => o.MaxFramesLatency,
            (o, v) => o with { MaxFramesLatency = v }),
        Of("snip-edges", "Only frames that fit wholly; otherwise file size by frame shift", o => o.SnipEdges,
            (o, v) => o with { SnipEdges = v }),
    ];

    /// <summary>Gets the options of the features made of a pitch, in the order that help shows them.</summary>
    public static IReadOnlyList<PitchOption> Post { get; } =
    [
        OfPost("pitch-scale", "Factor of the normalised log pitch", o => o.PitchScale, (o, v) => o with { PitchScale = v }),
        OfPost("pov-scale", "Factor of the voicing feature", o => o.PovScale, (o, v) => o with { PovScale = v }),
        OfPost("pov-offset", "Offset of the voicing feature", o => o.PovOffset, (o, v) => o with { PovOffset = v }),
        OfPost("delta-pitch-scale", "Factor of the derivative of log pitch", o => o.DeltaPitchScale,
            (o, v) => o with { DeltaPitchScale = v }),
        OfPost("delta-pitch-noise-stddev", "Deviation of the noise on the derivative, before its factor",
            o => o.DeltaPitchNoiseStddev, (o, v) => o with { DeltaPitchNoiseStddev = v }),
        OfPost("normalization-left-context", "Frames before, for the moving mean", o => o.NormalizationLeftContext,
            (o, v) => o with { NormalizationLeftContext = v }),
        OfPost("normalization-right-context", "Frames after, for the moving mean", o => o.NormalizationRightContext,
            (o, v) => o with { NormalizationRightContext = v }),
        OfPost("delta-window", "Frames on either side for the derivative", o => o.DeltaWindow,
            (o, v) => o with { DeltaWindow = v }),
        OfPost("delay", "Frames by which pitch is delayed", o => o.Delay, (o, v) => o with { Delay = v }),
        OfPost("add-pov-feature", "Give the warped correlation", o => o.AddPovFeature, (o, v) => o with { AddPovFeature = v }),
        OfPost("add-normalized-log-pitch", "Give log pitch less its mean over 1.5 seconds, weighted by voicing",
            o => o.AddNormalizedLogPitch, (o, v) => o with { AddNormalizedLogPitch = v }),
        OfPost("add-delta-pitch", "Give the derivative of log pitch", o => o.AddDeltaPitch,
            (o, v) => o with { AddDeltaPitch = v }),
        OfPost("add-raw-log-pitch", "Give log pitch", o => o.AddRawLogPitch, (o, v) => o with { AddRawLogPitch = v }),
    ];

    /// <summary>Gets all options.</summary>
    public static IReadOnlyList<PitchOption> All { get; } = [.. Tracking, .. Post];

    /// <summary>Sets one option.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="name">Kaldi's name, without dashes in front.</param>
    /// <param name="value">The value as text.</param>
    /// <returns>The options with this one changed.</returns>
    /// <exception cref="InputException">There is no such option (the message names the nearest), or the text is no
    /// such value.</exception>
    public static PitchFeatureOptions Set(PitchFeatureOptions options, string name, string value)
    {
        var option = All.FirstOrDefault(o => o.Name == name)
            ?? throw new InputException(
                $"unknown pitch option '{name}'; the nearest is '{All.MinBy(o => Spelling.Distance(o.Name, name))?.Name}'");
        return option.Set(options, value);
    }

    private static PitchOption Of(string name, string help, Func<PitchOptions, float> get, Func<PitchOptions, float, PitchOptions> set) =>
        new(name, "float", help, o => OptionText.Of(get(o.Tracking)),
            (o, v) => o with { Tracking = set(o.Tracking, OptionText.Float(name, v)) });

    private static PitchOption Of(string name, string help, Func<PitchOptions, int> get, Func<PitchOptions, int, PitchOptions> set) =>
        new(name, "int", help, o => OptionText.Of(get(o.Tracking)),
            (o, v) => o with { Tracking = set(o.Tracking, OptionText.Integer(name, v)) });

    private static PitchOption Of(string name, string help, Func<PitchOptions, bool> get, Func<PitchOptions, bool, PitchOptions> set) =>
        new(name, "bool", help, o => OptionText.Of(get(o.Tracking)),
            (o, v) => o with { Tracking = set(o.Tracking, OptionText.Boolean(name, v)) });

    private static PitchOption OfPost(
        string name, string help, Func<PitchPostOptions, float> get, Func<PitchPostOptions, float, PitchPostOptions> set) =>
        new(name, "float", help, o => OptionText.Of(get(o.Post)),
            (o, v) => o with { Post = set(o.Post, OptionText.Float(name, v)) });

    private static PitchOption OfPost(
        string name, string help, Func<PitchPostOptions, int> get, Func<PitchPostOptions, int, PitchPostOptions> set) =>
        new(name, "int", help, o => OptionText.Of(get(o.Post)),
            (o, v) => o with { Post = set(o.Post, OptionText.Integer(name, v)) });

    private static PitchOption OfPost(
        string name, string help, Func<PitchPostOptions, bool> get, Func<PitchPostOptions, bool, PitchPostOptions> set) =>
        new(name, "bool", help, o => OptionText.Of(get(o.Post)),
            (o, v) => o with { Post = set(o.Post, OptionText.Boolean(name, v)) });
}
