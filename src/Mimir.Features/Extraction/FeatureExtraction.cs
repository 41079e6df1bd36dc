using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Computes features from waves. Thread-safe.</summary>
public interface IFeatureExtractor
{
    /// <summary>Gets the options of the extractor.</summary>
    FeatureOptions Options { get; }

    /// <summary>Gets the number of values in a frame.</summary>
    int Dimension { get; }

    /// <summary>Computes the features of one wave.</summary>
    /// <param name="wave">Samples at the scale of 16-bit integers and at the rate of the options' sample-frequency.</param>
    /// <param name="vtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
    /// <param name="ditherSeed">The seed of the dither noise: the same seed gives the same features.</param>
    /// <returns><c>[T, D]</c>, T frames of <see cref="Dimension"/> values; no rows when the wave is shorter than a frame.</returns>
    /// <exception cref="InputException">The warp does not fit the options, or a sample is not a finite number.</exception>
    FloatMatrix Compute(ReadOnlySpan<float> wave, float vtlnWarp = 1, ulong ditherSeed = 0);
}

/// <summary>Features of decoded audio, which is resampled where the options allow it.</summary>
public static class FeatureExtraction
{
    /// <summary>Computes the features of one channel.</summary>
    /// <param name="extractor">The kind of feature.</param>
    /// <param name="clip">The audio.</param>
    /// <param name="channel">From 0.</param>
    /// <param name="vtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
    /// <param name="ditherSeed">The seed of the dither noise.</param>
    /// <exception cref="InputException">The sample rate of the audio is not that of the options, and resampling is not
    /// allowed.</exception>
    /// <exception cref="InputException">The warp does not fit the options.</exception>
    public static FloatMatrix Compute(
        this IFeatureExtractor extractor, AudioClip clip, int channel = 0, float vtlnWarp = 1, ulong ditherSeed = 0)
    {
        var frame = extractor.Options.Frame;
        if (clip.SampleRate == frame.SampleFrequency)
            return extractor.Compute(clip.Channel(channel), vtlnWarp, ditherSeed);

        // Kaldi: --allow-downsample and --allow-upsample.
        var (allowed, option) = clip.SampleRate > frame.SampleFrequency
            ? (frame.AllowDownsample, "allow-downsample")
            : (frame.AllowUpsample, "allow-upsample");
        if (!allowed)
        {
            throw new InputException(
                $"sample rate: expected sample-frequency {frame.SampleFrequency} Hz, the audio has {clip.SampleRate} Hz; "
                + $"set sample-frequency to the audio's rate, or {option}=true.");
        }

        if (frame.SampleFrequency != MathF.Truncate(frame.SampleFrequency))
            throw new InputException(
                $"sample-frequency: expected whole hertz to resample to, got {frame.SampleFrequency}.");

        var resampler = new Resampler(clip.SampleRate, (int)frame.SampleFrequency);
        return extractor.Compute(resampler.Apply(clip.Channel(channel)), vtlnWarp, ditherSeed);
    }
}
