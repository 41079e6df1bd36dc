using System.Numerics;
using System.Text;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Features of decoded audio: its rate is checked, and changed where the options allow that.</summary>
public static class FeatureExtraction
{
    /// <summary>Computes the features of one channel.</summary>
    /// <param name="extractor">The kind of feature.</param>
    /// <param name="clip">The audio.</param>
    /// <param name="channel">From 0.</param>
    /// <param name="vtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
    /// <param name="ditherSeed">Where the noise of dither begins.</param>
    /// <exception cref="InputException">The audio has another rate than the options say and may not be
    /// resampled.</exception>
    /// <exception cref="ArgumentException">The warp does not fit the options.</exception>
    public static FloatMatrix Compute(
        this IFeatureExtractor extractor, AudioClip clip, int channel = 0, float vtlnWarp = 1, ulong ditherSeed = 0)
    {
        var frame = extractor.Options.Frame;
        if (clip.SampleRate == frame.SampleFrequency)
            return extractor.Compute(clip.Channel(channel), vtlnWarp, ditherSeed);

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

    /// <summary>
    /// The dither seed of an utterance: FNV-1a (64 bits) of its id in UTF-8, begun from the run's seed, so that its
    /// noise
    /// does not depend on the order or the thread in which utterances are worked off.
    /// </summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="utterance">The utterance's id.</param>
    public static ulong DitherSeed(ulong seed, string utterance)
    {
        var hash = 0xCBF29CE484222325 ^ BitOperations.RotateLeft(seed * 0x9E3779B97F4A7C15, 32);
        foreach (var value in Encoding.UTF8.GetBytes(utterance))
            hash = (hash ^ value) * 0x100000001B3;

        return hash;
    }
}
