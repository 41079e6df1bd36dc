namespace Mimir.Features.Pitch;

/// <summary>How pitch is tracked; names and defaults are those of Kaldi's compute-kaldi-pitch-feats.</summary>
public sealed record PitchOptions
{
    private const int MostMeasuredLags = 1 << 16;

    /// <summary>Gets the rate of the wave, in hertz; whole. The default is 16000.</summary>
    public float SampleFrequency { get; init; } = 16000;

    /// <summary>Gets the length of a frame, in milliseconds, without the longest lag. The default is 25.</summary>
    public float FrameLength { get; init; } = 25;

    /// <summary>Gets the step from frame to frame, in milliseconds. The default is 10.</summary>
    public float FrameShift { get; init; } = 10;

    /// <summary>Gets the coefficient of pre-emphasis; 0 turns it off. The default is 0.</summary>
    public float PreemphasisCoefficient { get; init; }

    /// <summary>Gets the lowest pitch, in hertz. The default is 50.</summary>
    public float MinF0 { get; init; } = 50;

    /// <summary>Gets the highest pitch, in hertz. The default is 400.</summary>
    public float MaxF0 { get; init; } = 400;

    /// <summary>Gets the pitch whose lag would lose all of its correlation, in hertz: long lags cost more. The default is
    /// 10.</summary>
    public float SoftMinF0 { get; init; } = 10;

    /// <summary>Gets the cost of a change of pitch from frame to frame; 0 or more. The default is 0.1.</summary>
    public float PenaltyFactor { get; init; } = 0.1f;

    /// <summary>Gets where the wave is cut off before it is correlated, in hertz. The default is 1000.</summary>
    public float LowpassCutoff { get; init; } = 1000;

    /// <summary>Gets the rate at which the wave is correlated, in hertz; whole and at least twice
    /// <see cref="LowpassCutoff"/>. The default is 4000.</summary>
    public float ResampleFrequency { get; init; } = 4000;

    /// <summary>Gets the ratio of neighbouring lags, less 1. The default is 0.005.</summary>
    public float DeltaPitch { get; init; } = 0.005f;

    /// <summary>Gets how much the correlation of quiet frames is lowered, 0 for not at all. The default is 7000.</summary>
    public float NccfBallast { get; init; } = 7000;

    /// <summary>Gets the width of the low-pass filter, in zeros on either side. The default is 1.</summary>
    public int LowpassFilterWidth { get; init; } = 1;

    /// <summary>Gets the width of the filter between lags, in zeros on either side. The default is 5.</summary>
    public int UpsampleFilterWidth { get; init; } = 5;

    /// <summary>Gets how many frames the first pass may wait for the path to settle. The default is 0.</summary>
    public int MaxFramesLatency { get; init; }

    /// <summary>Gets the frames that arrive at once, to act as online tracking would; 0 for the whole wave. The default
    /// is 0.</summary>
    public int FramesPerChunk { get; init; }

    /// <summary>Gets whether each frame is taken as soon as it is ready and never corrected; needs
    /// <see cref="FramesPerChunk"/>. The default is false.</summary>
    public bool SimulateFirstPassOnline { get; init; }

    /// <summary>Gets the number of frames after which the ballast is computed anew and the path so far with it. The
    /// default is 500.</summary>
    public int RecomputeFrame { get; init; } = 500;

    /// <summary>Gets whether the ballast of a frame is that of the wave up to it. The default is false.</summary>
    public bool NccfBallastOnline { get; init; }

    /// <summary>Gets whether only frames that lie wholly in the wave count. The default is true.</summary>
    public bool SnipEdges { get; init; } = true;

    /// <summary>Gets the length of a frame at the lower rate, in samples.</summary>
    public int WindowSize => (int)(ResampleFrequency * FrameLength / 1000.0);

    /// <summary>Gets the step from frame to frame at the lower rate, in samples.</summary>
    public int WindowShift => (int)(ResampleFrequency * FrameShift / 1000.0);

    /// <summary>Gets the samples of the wave in a chunk; 0 for all.</summary>
    public int ChunkSize => (int)(FramesPerChunk * SampleFrequency * FrameShift / 1000.0f);

    /// <summary>Checks that pitch can be tracked.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public void Validate()
    {
        Rate("sample-frequency", SampleFrequency);
        Rate("resample-frequency", ResampleFrequency);
        Demand(LowpassCutoff > 0 && LowpassCutoff * 2 <= Math.Min(SampleFrequency, ResampleFrequency), "lowpass-cutoff",
            $"above 0 and at most half of sample-frequency and resample-frequency ({SampleFrequency}, {ResampleFrequency} Hz)",
            LowpassCutoff);
        Demand(LowpassFilterWidth is > 0 and <= 1000, "lowpass-filter-width", "1 to 1000", LowpassFilterWidth);
        Demand(UpsampleFilterWidth is > 0 and <= 1000, "upsample-filter-width", "1 to 1000", UpsampleFilterWidth);
        Demand(FrameLength <= 60_000 && WindowSize >= 1, "frame-length", "a sample or more and at most a minute", FrameLength);
        Demand(FrameShift <= 60_000 && WindowShift >= 1, "frame-shift", "a sample or more and at most a minute", FrameShift);
        Demand(MinF0 > 0 && ResampleFrequency / MinF0 <= MostMeasuredLags, "min-f0",
            $"at least {ResampleFrequency / MostMeasuredLags} Hz", MinF0);
        Demand(MaxF0 >= MinF0 && float.IsFinite(MaxF0), "max-f0", $"min-f0 ({MinF0} Hz) or more", MaxF0);
        Demand(Math.Ceiling(ResampleFrequency * ((1.0 / MaxF0) - (UpsampleFilterWidth / (2.0 * ResampleFrequency)))) >= 0,
            "max-f0", "a period that upsample-filter-width does not pass below 0", MaxF0);
        Demand(float.IsFinite(SoftMinF0), "soft-min-f0", "a number", SoftMinF0);
        Demand(PenaltyFactor >= 0 && float.IsFinite(PenaltyFactor), "penalty-factor", "0 or more", PenaltyFactor);
        Demand(DeltaPitch > 0 && Math.Log(MaxF0 / MinF0) / Math.Log(1.0 + DeltaPitch) < LagGrid.MostLags - 1, "delta-pitch",
            $"above 0 and large enough for fewer than {LagGrid.MostLags} lags", DeltaPitch);
        Demand(NccfBallast >= 0 && float.IsFinite(NccfBallast), "nccf-ballast", "0 or more", NccfBallast);
        Demand(PreemphasisCoefficient is >= 0 and <= 1, "preemphasis-coefficient", "0 to 1", PreemphasisCoefficient);
        Demand(RecomputeFrame >= 0, "recompute-frame", "0 or more", RecomputeFrame);
        Demand(FramesPerChunk >= 0 && (FramesPerChunk == 0 || ChunkSize > 0), "frames-per-chunk",
            "0, or frames of a sample or more", FramesPerChunk);
        if (SimulateFirstPassOnline && FramesPerChunk == 0)
            throw new ArgumentException("simulate-first-pass-online: needs frames-per-chunk above 0.");
    }

    private static void Rate(string name, float value) =>
        Demand(value is >= 1 and <= 1e7f && value == MathF.Truncate(value), name, "whole hertz, 1 to 10,000,000", value);

    private static void Demand(bool holds, string name, string expected, float got)
    {
        if (!holds)
            throw new ArgumentException($"{name}: expected {expected}, got {got}.");
    }
}
