using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Features.Pitch;

/// <summary>Options of the pitch tracker; names and defaults are those of Kaldi's compute-kaldi-pitch-feats.</summary>
public sealed record PitchOptions
{
    private const int MostMeasuredLags = 1 << 16;

    /// <summary>Sample rate of the waves, in hertz; whole.</summary>
    [Option("sample-frequency", Min = 1, Max = 1e7)]
    public float SampleFrequency { get; init; } = 16000;

    /// <summary>Frame length, in milliseconds, without the longest lag.</summary>
    [Option("frame-length", Max = 60_000)]
    public float FrameLength { get; init; } = 25;

    /// <summary>Frame shift, in milliseconds.</summary>
    [Option("frame-shift", Max = 60_000)]
    public float FrameShift { get; init; } = 10;

    /// <summary>Coefficient of pre-emphasis; 0 turns it off.</summary>
    [Option("preemphasis-coefficient", Min = 0, Max = 1)]
    public float PreemphasisCoefficient { get; init; }

    /// <summary>Lowest pitch, in hertz.</summary>
    [Option("min-f0", Min = 0, MinExcluded = true)]
    public float MinF0 { get; init; } = 50;

    /// <summary>Highest pitch, in hertz.</summary>
    [Option("max-f0", Min = 0, MinExcluded = true)]
    public float MaxF0 { get; init; } = 400;

    /// <summary>Pitch at which the cost of long lags cancels all correlation, in hertz.</summary>
    [Option("soft-min-f0")]
    public float SoftMinF0 { get; init; } = 10;

    /// <summary>Cost of a change of pitch from frame to frame.</summary>
    [Option("penalty-factor", Min = 0)]
    public float PenaltyFactor { get; init; } = 0.1f;

    /// <summary>Cutoff of the low-pass filter before correlation, in hertz.</summary>
    [Option("lowpass-cutoff", Min = 0, MinExcluded = true)]
    public float LowpassCutoff { get; init; } = 1000;

    /// <summary>Rate that waves are resampled to for correlation, in hertz; whole and at least twice lowpass-cutoff.</summary>
    [Option("resample-frequency", Min = 1, Max = 1e7)]
    public float ResampleFrequency { get; init; } = 4000;

    /// <summary>Relative distance of neighbouring candidates of pitch.</summary>
    [Option("delta-pitch", Min = 0, MinExcluded = true)]
    public float DeltaPitch { get; init; } = 0.005f;

    /// <summary>Term that lowers the correlation of quiet frames; 0 turns it off.</summary>
    [Option("nccf-ballast", Min = 0)]
    public float NccfBallast { get; init; } = 7000;

    /// <summary>Compute the ballast from the wave up to each frame only.</summary>
    [Option("nccf-ballast-online")]
    public bool NccfBallastOnline { get; init; }

    /// <summary>Width of the low-pass filter, in zeros on either side.</summary>
    [Option("lowpass-filter-width", Min = 1, Max = 1000)]
    public int LowpassFilterWidth { get; init; } = 1;

    /// <summary>Width of the filter that interpolates between lags, in zeros on either side.</summary>
    [Option("upsample-filter-width", Min = 1, Max = 1000)]
    public int UpsampleFilterWidth { get; init; } = 5;

    /// <summary>Frames that arrive at once, to simulate online tracking; 0 for the whole wave.</summary>
    [Option("frames-per-chunk", Min = 0)]
    public int FramesPerChunk { get; init; }

    /// <summary>Output each frame as soon as it is ready and never correct it; needs frames-per-chunk.</summary>
    [Option("simulate-first-pass-online")]
    public bool SimulateFirstPassOnline { get; init; }

    /// <summary>Number of frames after which the ballast, and the path so far, is recomputed.</summary>
    [Option("recompute-frame", Min = 0)]
    public int RecomputeFrame { get; init; } = 500;

    /// <summary>Most frames that the first pass may wait for the path to settle.</summary>
    [Option("max-frames-latency")]
    public int MaxFramesLatency { get; init; }

    /// <summary>Use only frames that lie wholly in the wave.</summary>
    [Option("snip-edges")]
    public bool SnipEdges { get; init; } = true;

    /// <summary>Gets the length of a frame after resampling, in samples.</summary>
    public int WindowSize => (int)(ResampleFrequency * FrameLength / 1000.0);

    /// <summary>Gets the frame shift after resampling, in samples.</summary>
    public int WindowShift => (int)(ResampleFrequency * FrameShift / 1000.0);

    /// <summary>Gets the number of samples in a chunk; 0 for all.</summary>
    public int ChunkSize => (int)(FramesPerChunk * SampleFrequency * FrameShift / 1000.0f);

    /// <summary>Checks that pitch can be tracked.</summary>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public void Validate()
    {
        Option.CheckRanges(this);
        RequireWhole("sample-frequency", SampleFrequency);
        RequireWhole("resample-frequency", ResampleFrequency);
        Require(LowpassCutoff * 2 <= Math.Min(SampleFrequency, ResampleFrequency), "lowpass-cutoff",
            $"above 0 and at most half of sample-frequency and resample-frequency ({SampleFrequency}, {ResampleFrequency} Hz)",
            LowpassCutoff);
        Require(WindowSize >= 1, "frame-length", "a sample or more and at most a minute", FrameLength);
        Require(WindowShift >= 1, "frame-shift", "a sample or more and at most a minute", FrameShift);
        Require(ResampleFrequency / MinF0 <= MostMeasuredLags, "min-f0", $"at least {ResampleFrequency / MostMeasuredLags} Hz", MinF0);
        Require(MaxF0 >= MinF0, "max-f0", $"min-f0 ({MinF0} Hz) or more", MaxF0);
        Require(Math.Ceiling(ResampleFrequency * ((1.0 / MaxF0) - (UpsampleFilterWidth / (2.0 * ResampleFrequency)))) >= 0,
            "max-f0", "a period that upsample-filter-width does not pass below 0", MaxF0);
        Require(Math.Log(MaxF0 / MinF0) / Math.Log(1.0 + DeltaPitch) < LagGrid.MostLags - 1, "delta-pitch",
            $"above 0 and large enough for fewer than {LagGrid.MostLags} lags", DeltaPitch);
        Require(FramesPerChunk == 0 || ChunkSize > 0, "frames-per-chunk", "0, or frames of a sample or more", FramesPerChunk);
        if (SimulateFirstPassOnline && FramesPerChunk == 0)
            throw new InputException("simulate-first-pass-online: needs frames-per-chunk above 0");
    }

    private static void RequireWhole(string name, float value) =>
        Require(value == MathF.Truncate(value), name, "whole hertz", value);

    private static void Require(bool holds, string name, string expected, float got)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"{name}: expected {expected}, got {got}"));
    }
}
