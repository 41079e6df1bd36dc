using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Features.Signal;

/// <summary>Options of framing and windowing; names and defaults are Kaldi's.</summary>
public sealed record FrameOptions
{
    /// <summary>Sample rate that features are computed for, in hertz.</summary>
    [Option("sample-frequency", Min = 0, MinExcluded = true, Max = 1e7)]
    public float SampleFrequency { get; init; } = 16000;

    /// <summary>Frame length, in milliseconds.</summary>
    [Option("frame-length", Max = 60_000)]
    public float FrameLength { get; init; } = 25;

    /// <summary>Frame shift, in milliseconds.</summary>
    [Option("frame-shift", Max = 60_000)]
    public float FrameShift { get; init; } = 10;

    /// <summary>Standard deviation of the noise that is added to each sample; 0 makes features repeatable by any program.</summary>
    [Option("dither", Min = 0)]
    public float Dither { get; init; } = 1;

    /// <summary>Coefficient of pre-emphasis; 0 turns it off.</summary>
    [Option("preemphasis-coefficient", Min = 0, Max = 1)]
    public float PreemphasisCoefficient { get; init; } = 0.97f;

    /// <summary>Constant of the generalised Blackman window.</summary>
    [Option("blackman-coeff")]
    public float BlackmanCoefficient { get; init; } = 0.42f;

    /// <summary>Subtract the mean of each frame.</summary>
    [Option("remove-dc-offset")]
    public bool RemoveDcOffset { get; init; } = true;

    /// <summary>Pad frames with zeros to a power of two.</summary>
    [Option("round-to-power-of-two")]
    public bool RoundToPowerOfTwo { get; init; } = true;

    /// <summary>
    /// Use only frames that lie wholly in the wave; otherwise the number of frames depends on the shift alone, and the wave is
    /// reflected at its ends.
    /// </summary>
    [Option("snip-edges")]
    public bool SnipEdges { get; init; } = true;

    /// <summary>Resample waves of a higher rate down to sample-frequency.</summary>
    [Option("allow-downsample")]
    public bool AllowDownsample { get; init; }

    /// <summary>Resample waves of a lower rate up to sample-frequency.</summary>
    [Option("allow-upsample")]
    public bool AllowUpsample { get; init; }

    /// <summary>Accepted for Kaldi's command lines; without effect, since memory is bounded anyway.</summary>
    [Option("max-feature-vectors")]
    public int MaxFeatureVectors { get; init; } = -1;

    /// <summary>Window function: hamming, hanning, povey, rectangular, sine or blackman.</summary>
    [Option("window-type")]
    public WindowType WindowType { get; init; } = WindowType.Povey;

    /// <summary>Gets the length of a frame in samples, truncated as in Kaldi.</summary>
    public int WindowSize => (int)(SampleFrequency * 0.001 * FrameLength);

    /// <summary>Gets the frame shift in samples, truncated as in Kaldi.</summary>
    public int WindowShift => (int)(SampleFrequency * 0.001 * FrameShift);

    /// <summary>Gets the length of the transform: <see cref="WindowSize"/> or the next power of two.</summary>
    public int PaddedWindowSize => RoundToPowerOfTwo ? (int)BitOperations.RoundUpToPowerOf2((uint)WindowSize) : WindowSize;

    /// <summary>The number of frames in a wave.</summary>
    /// <param name="samples">The length of the wave.</param>
    public int FrameCount(int samples)
    {
        if (!SnipEdges)
            return (samples + (WindowShift / 2)) / WindowShift;

        return samples < WindowSize ? 0 : 1 + ((samples - WindowSize) / WindowShift);
    }

    /// <summary>The first sample of a frame; without snip-edges it may be below 0.</summary>
    /// <param name="frame">From 0.</param>
    public long FirstSample(int frame) => SnipEdges
        ? (long)frame * WindowShift
        : ((long)frame * WindowShift) + (WindowShift / 2) - (WindowSize / 2);

    /// <summary>Checks that frames can be cut and transformed.</summary>
    /// <exception cref="InputException">An option is out of range, a frame or a shift is shorter than a sample, or the length of
    /// the transform is odd.</exception>
    public void Validate()
    {
        Option.CheckRanges(this);
        if (WindowSize < 2)
            throw new InputException($"frame-length: expected 2 samples or more and at most a minute, got {FrameLength} ms");
        if (WindowShift < 1)
            throw new InputException($"frame-shift: expected 1 sample or more and at most a minute, got {FrameShift} ms");
        if (PaddedWindowSize % 2 != 0)
            throw new InputException($"frame-length: {WindowSize} samples is odd, and without round-to-power-of-two it must be even");
    }
}
