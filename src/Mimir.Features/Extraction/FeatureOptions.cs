using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>What every kind of feature has in common; names and defaults are Kaldi's.</summary>
public abstract record FeatureOptions
{
    /// <summary>Gets how a wave is cut into frames.</summary>
    public FrameOptions Frame { get; init; } = new();

    /// <summary>Gets the least energy, before its logarithm; 0 for none. The default is 0.</summary>
    public float EnergyFloor { get; init; }

    /// <summary>Gets whether energy is that of the frame before pre-emphasis and window. The default is true.</summary>
    public bool RawEnergy { get; init; } = true;

    /// <summary>Gets whether the mean of the utterance is subtracted from each value. The default is false.</summary>
    public bool SubtractMean { get; init; }

    /// <summary>Gets what recipes call this kind of feature: fbank, mfcc, plp or spectrogram.</summary>
    public abstract string Kind { get; }

    /// <summary>Makes the extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public abstract IFeatureExtractor CreateExtractor();

    /// <summary>The defaults of one kind of feature.</summary>
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
}
