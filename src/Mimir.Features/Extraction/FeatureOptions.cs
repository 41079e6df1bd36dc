using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Options that all kinds of features share; names and defaults are Kaldi's.</summary>
public abstract record FeatureOptions
{
    /// <summary>Gets the kinds of features: fbank, mfcc, plp and spectrogram.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["fbank", "mfcc", "plp", "spectrogram"];

    /// <summary>Framing and windowing.</summary>
    [IncludeOptions]
    public FrameOptions Frame { get; init; } = new();

    /// <summary>Floor of the energy before its logarithm, absolute; 0 for none.</summary>
    [Option("energy-floor", Min = 0)]
    public float EnergyFloor { get; init; }

    /// <summary>Compute the energy before pre-emphasis and windowing.</summary>
    [Option("raw-energy")]
    public bool RawEnergy { get; init; } = true;

    /// <summary>Subtract the mean of each utterance.</summary>
    [Option("subtract-mean")]
    public bool SubtractMean { get; init; }

    /// <summary>Gets the kind of features: fbank, mfcc, plp or spectrogram.</summary>
    public abstract string Kind { get; }

    /// <summary>Creates the extractor.</summary>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public abstract IFeatureExtractor CreateExtractor();

    /// <summary>The defaults of a kind of features.</summary>
    /// <param name="kind">fbank, mfcc, plp or spectrogram.</param>
    /// <exception cref="InputException">There is no such kind.</exception>
    public static FeatureOptions ForKind(string kind) => kind switch
    {
        "fbank" => new FbankOptions(),
        "mfcc" => new MfccOptions(),
        "plp" => new PlpOptions(),
        "spectrogram" => new SpectrogramOptions(),
        _ => throw new InputException($"expected fbank, mfcc, plp or spectrogram as the kind of feature, got '{kind}'"),
    };

    /// <summary>A copy with one option set from text.</summary>
    /// <param name="name">Kaldi's name of the option, without dashes in front.</param>
    /// <param name="text">The value as text.</param>
    /// <exception cref="InputException">There is no such option (the message names the nearest), or the text is no such
    /// value.</exception>
    public FeatureOptions With(string name, string text) => Option.Set(this, name, text, Kind);
}

/// <summary>Options of the features that are computed from mel filter banks.</summary>
public abstract record MelFeatureOptions : FeatureOptions
{
    /// <summary>The mel filter bank.</summary>
    [IncludeOptions]
    public MelOptions Mel { get; init; } = new();

    /// <summary>Order and scale the values as HTK does.</summary>
    [Option("htk-compat")]
    public bool HtkCompat { get; init; }

    /// <summary>Accepted for Kaldi's command lines; without effect.</summary>
    [Option("debug-mel")]
    public bool DebugMel { get; init; }
}
