using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Every option of every kind of feature, once.</summary>
internal static class FeatureOptionTable
{
    /// <summary>Options of frames, which all kinds have.</summary>
    public static readonly FeatureOption[] Frame =
    [
        OfFrame(
            "sample-frequency",
            "Rate that features are made for, in hertz",
            o => o.SampleFrequency,
            (o, v) => o with { SampleFrequency = v }),
        OfFrame(
            "frame-length",
            "Frame length in milliseconds",
            o => o.FrameLength,
            (o, v) => o with { FrameLength = v }),
        OfFrame(
            "frame-shift",
            "Frame shift in milliseconds",
            o => o.FrameShift,
            (o, v) => o with { FrameShift = v }),
        OfFrame(
            "dither",
            "Deviation of the noise added to samples (0 for none)",
            o => o.Dither,
            (o, v) => o with { Dither = v }),
        OfFrame(
            "preemphasis-coefficient",
            "Coefficient of pre-emphasis",
            o => o.PreemphasisCoefficient,
            (o, v) => o with { PreemphasisCoefficient = v }),
        OfFrame(
            "blackman-coeff",
            "Constant of the generalized Blackman window",
            o => o.BlackmanCoefficient,
            (o, v) => o with { BlackmanCoefficient = v }),
        OfFrame(
            "remove-dc-offset",
            "Subtract the mean of each frame",
            o => o.RemoveDcOffset,
            (o, v) => o with { RemoveDcOffset = v }),
        OfFrame(
            "round-to-power-of-two",
            "Pad frames with zeros to a power of two",
            o => o.RoundToPowerOfTwo,
            (o, v) => o with { RoundToPowerOfTwo = v }),
        OfFrame(
            "snip-edges",
            "Only frames that fit wholly; otherwise reflect the edges",
            o => o.SnipEdges,
            (o, v) => o with { SnipEdges = v }),
        OfFrame(
            "allow-downsample",
            "Bring waves of a higher rate down",
            o => o.AllowDownsample,
            (o, v) => o with { AllowDownsample = v }),
        OfFrame(
            "allow-upsample",
            "Bring waves of a lower rate up",
            o => o.AllowUpsample,
            (o, v) => o with { AllowUpsample = v }),
        new(
            "max-feature-vectors",
            "int",
            "Accepted, without effect",
            _ => "-1",
            (o, v) => OptionText.Integer("max-feature-vectors", v) > int.MinValue ? o : o),
        new(
            "window-type",
            "string",
            "hamming, hanning, povey, rectangular, sine or blackman",
            o => o.Frame.WindowType.ToString().ToLowerInvariant(),
            (o, v) => o with { Frame = o.Frame with { WindowType = OptionText.Window("window-type", v) } }),
        Of<FeatureOptions>(
            "energy-floor",
            "Floor on energy, absolute and not relative (0 for none)",
            o => o.EnergyFloor,
            (o, v) => o with { EnergyFloor = v }),
        Of<FeatureOptions>(
            "raw-energy",
            "Energy before pre-emphasis and window",
            o => o.RawEnergy,
            (o, v) => o with { RawEnergy = v }),
        Of<FeatureOptions>(
            "subtract-mean",
            "Subtract the mean of each utterance",
            o => o.SubtractMean,
            (o, v) => o with { SubtractMean = v }),
    ];

    /// <summary>Options of the mel filters.</summary>
    public static readonly FeatureOption[] Mel =
    [
        OfMel(
            "num-mel-bins",
            "Number of triangular mel filters",
            o => o.NumMelBins,
            (o, v) => o with { NumMelBins = v }),
        OfMel(
            "low-freq",
            "Lower end of the filters, in hertz",
            o => o.LowFreq,
            (o, v) => o with { LowFreq = v }),
        OfMel(
            "high-freq",
            "Upper end of the filters, in hertz (0 or less: from the Nyquist frequency)",
            o => o.HighFreq,
            (o, v) => o with { HighFreq = v }),
        OfMel(
            "vtln-low",
            "Lower bend of the vocal-tract warp, in hertz",
            o => o.VtlnLow,
            (o, v) => o with { VtlnLow = v }),
        OfMel(
            "vtln-high",
            "Upper bend of the vocal-tract warp, in hertz (below 0: from the Nyquist frequency)",
            o => o.VtlnHigh,
            (o, v) => o with { VtlnHigh = v }),
        new(
            "htk-mode",
            "bool",
            "Floor and first weight of the filters as in HTK",
            o => OptionText.Of(((MelFeatureOptions)o).Mel.HtkMode),
            (o, v) => OptionText.Boolean("htk-mode", v) is var on && o is MelFeatureOptions mel
                ? mel with { Mel = mel.Mel with { HtkMode = on } }
                : o),
        Of<MelFeatureOptions>(
            "htk-compat",
            "Order and scale of values as in HTK",
            o => o.HtkCompat,
            (o, v) => o with { HtkCompat = v }),
        new("debug-mel", "bool", "Accepted, without effect", _ => "false", (o, v) => OptionText.Boolean("debug-mel", v) ? o : o),
    ];

    /// <summary>Options of <see cref="FbankOptions"/> alone.</summary>
    public static readonly FeatureOption[] Fbank =
    [
        Of<FbankOptions>(
            "use-energy",
            "Add log energy as another value",
            o => o.UseEnergy,
            (o, v) => o with { UseEnergy = v }),
        Of<FbankOptions>(
            "use-log-fbank",
            "Take the logarithm of the filters",
            o => o.UseLogFbank,
            (o, v) => o with { UseLogFbank = v }),
        Of<FbankOptions>(
            "use-power",
            "Filter the power spectrum, not its square root",
            o => o.UsePower,
            (o, v) => o with { UsePower = v }),
    ];

    /// <summary>Options of <see cref="MfccOptions"/> alone.</summary>
    public static readonly FeatureOption[] Mfcc =
    [
        Of<MfccOptions>(
            "use-energy",
            "Log energy in place of the zeroth cepstrum",
            o => o.UseEnergy,
            (o, v) => o with { UseEnergy = v }),
        Of<MfccOptions>(
            "num-ceps",
            "Number of cepstra, the zeroth included",
            o => o.NumCeps,
            (o, v) => o with { NumCeps = v }),
        Of<MfccOptions>(
            "cepstral-lifter",
            "Constant of liftering (0 for none)",
            o => o.CepstralLifter,
            (o, v) => o with { CepstralLifter = v }),
    ];

    /// <summary>Options of <see cref="PlpOptions"/> alone.</summary>
    public static readonly FeatureOption[] Plp =
    [
        Of<PlpOptions>(
            "lpc-order",
            "Order of linear prediction",
            o => o.LpcOrder,
            (o, v) => o with { LpcOrder = v }),
        Of<PlpOptions>(
            "num-ceps",
            "Number of cepstra, the zeroth included",
            o => o.NumCeps,
            (o, v) => o with { NumCeps = v }),
        Of<PlpOptions>(
            "use-energy",
            "Log energy in place of the zeroth cepstrum",
            o => o.UseEnergy,
            (o, v) => o with { UseEnergy = v }),
        Of<PlpOptions>(
            "compress-factor",
            "Exponent of the compression to loudness",
            o => o.CompressFactor,
            (o, v) => o with { CompressFactor = v }),
        Of<PlpOptions>(
            "cepstral-lifter",
            "Constant of liftering (0 for none)",
            o => o.CepstralLifter,
            (o, v) => o with { CepstralLifter = v }),
        Of<PlpOptions>(
            "cepstral-scale",
            "Factor of all cepstra",
            o => o.CepstralScale,
            (o, v) => o with { CepstralScale = v }),
    ];

    /// <summary>Options of <see cref="SpectrogramOptions"/> alone.</summary>
    public static readonly FeatureOption[] Spectrogram =
    [
        Of<SpectrogramOptions>(
            "return-raw-fft",
            "Give the transform itself",
            o => o.ReturnRawFft,
            (o, v) => o with { ReturnRawFft = v }),
    ];

    private static FeatureOption Of<T>(string name, string help, Func<T, float> get, Func<T, float, FeatureOptions> set)
        where T : FeatureOptions =>
        new(name, "float", help, o => OptionText.Of(get((T)o)), (o, v) => set((T)o, OptionText.Float(name, v)));

    private static FeatureOption Of<T>(string name, string help, Func<T, bool> get, Func<T, bool, FeatureOptions> set)
        where T : FeatureOptions =>
        new(name, "bool", help, o => OptionText.Of(get((T)o)), (o, v) => set((T)o, OptionText.Boolean(name, v)));

    private static FeatureOption Of<T>(string name, string help, Func<T, int> get, Func<T, int, FeatureOptions> set)
        where T : FeatureOptions =>
        new(name, "int", help, o => OptionText.Of(get((T)o)), (o, v) => set((T)o, OptionText.Integer(name, v)));

    private static FeatureOption OfFrame(
        string name, string help, Func<FrameOptions, float> get, Func<FrameOptions, float, FrameOptions> set) =>
        Of<FeatureOptions>(name, help, o => get(o.Frame), (o, v) => o with { Frame = set(o.Frame, v) });

    private static FeatureOption OfFrame(
        string name, string help, Func<FrameOptions, bool> get, Func<FrameOptions, bool, FrameOptions> set) =>
        Of<FeatureOptions>(name, help, o => get(o.Frame), (o, v) => o with { Frame = set(o.Frame, v) });

    private static FeatureOption OfMel(
        string name, string help, Func<MelOptions, float> get, Func<MelOptions, float, MelOptions> set) =>
        Of<MelFeatureOptions>(name, help, o => get(o.Mel), (o, v) => o with { Mel = set(o.Mel, v) });

    private static FeatureOption OfMel(
        string name, string help, Func<MelOptions, int> get, Func<MelOptions, int, MelOptions> set) =>
        Of<MelFeatureOptions>(name, help, o => get(o.Mel), (o, v) => o with { Mel = set(o.Mel, v) });
}
