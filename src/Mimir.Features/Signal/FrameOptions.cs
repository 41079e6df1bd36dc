using System.Numerics;

namespace Mimir.Features.Signal;

/// <summary>How a wave is cut into frames and each frame is prepared; names and defaults are Kaldi's.</summary>
public sealed record FrameOptions
{
    /// <summary>Gets the sample rate that features are made for, in hertz. The default is 16000.</summary>
    public float SampleFrequency { get; init; } = 16000;

    /// <summary>Gets the length of a frame, in milliseconds. The default is 25.</summary>
    public float FrameLength { get; init; } = 25;

    /// <summary>Gets the step from frame to frame, in milliseconds. The default is 10.</summary>
    public float FrameShift { get; init; } = 10;

    /// <summary>
    /// Gets the standard deviation of the noise added to each sample; 0 makes features repeatable. The default is
    /// 1.
    /// </summary>
    public float Dither { get; init; } = 1;

    /// <summary>Gets the coefficient of pre-emphasis; 0 turns it off. The default is 0.97.</summary>
    public float PreemphasisCoefficient { get; init; } = 0.97f;

    /// <summary>Gets whether the mean of each frame is subtracted. The default is true.</summary>
    public bool RemoveDcOffset { get; init; } = true;

    /// <summary>Gets the shape of the window. The default is Povey's.</summary>
    public WindowType WindowType { get; init; } = WindowType.Povey;

    /// <summary>Gets the coefficient of the Blackman window. The default is 0.42.</summary>
    public float BlackmanCoefficient { get; init; } = 0.42f;

    /// <summary>Gets whether frames are padded with zeros to a power of two. The default is true.</summary>
    public bool RoundToPowerOfTwo { get; init; } = true;

    /// <summary>
    /// Gets whether only frames that lie wholly in the wave count; otherwise the number of frames depends on the
    /// shift alone
    /// and the wave is reflected at its ends. The default is true.
    /// </summary>
    public bool SnipEdges { get; init; } = true;

    /// <summary>
    /// Gets whether waves of a higher rate are brought down to <see cref="SampleFrequency"/>. The default is false.
    /// </summary>
    public bool AllowDownsample { get; init; }

    /// <summary>
    /// Gets whether waves of a lower rate are brought up to <see cref="SampleFrequency"/>. The default is false.
    /// </summary>
    public bool AllowUpsample { get; init; }

    /// <summary>Gets the length of a frame in samples, cut to an integer as in Kaldi.</summary>
    public int WindowSize => (int)(SampleFrequency * 0.001 * FrameLength);

    /// <summary>Gets the step from frame to frame in samples, cut to an integer as in Kaldi.</summary>
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

    /// <summary>The place in the wave where a frame begins; without snip-edges it may be below 0.</summary>
    /// <param name="frame">From 0.</param>
    public long FirstSample(int frame) => SnipEdges
        ? (long)frame * WindowShift
        : ((long)frame * WindowShift) + (WindowShift / 2) - (WindowSize / 2);

    /// <summary>Checks that frames can be made.</summary>
    /// <exception cref="ArgumentException">A frame or a step is shorter than a sample, or a frame cannot be
    /// transformed.</exception>
    public void Validate()
    {
        if (!(SampleFrequency > 0) || !(SampleFrequency <= 1e7f))
            throw new ArgumentException(
                $"sample-frequency: expected above 0 and up to 10,000,000 Hz, got {SampleFrequency}.");
        if (!(FrameLength <= 60_000) || WindowSize < 2)
            throw new ArgumentException(
                $"frame-length: expected 2 samples or more and at most a minute, got {FrameLength} ms.");
        if (!(FrameShift <= 60_000) || WindowShift < 1)
            throw new ArgumentException(
                $"frame-shift: expected 1 sample or more and at most a minute, got {FrameShift} ms.");
        if (PaddedWindowSize % 2 != 0)
        {
            throw new ArgumentException(
                $"frame-length: {WindowSize} samples is odd, and without round-to-power-of-two it must be even.");
        }

        if (!(Dither >= 0) || !float.IsFinite(Dither))
            throw new ArgumentException($"dither: expected 0 or more, got {Dither}.");
        if (!(PreemphasisCoefficient is >= 0 and <= 1))
            throw new ArgumentException($"preemphasis-coefficient: expected 0 to 1, got {PreemphasisCoefficient}.");
    }
}
