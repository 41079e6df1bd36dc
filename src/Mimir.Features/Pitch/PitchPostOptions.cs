namespace Mimir.Features.Pitch;

/// <summary>What is made of a tracked pitch; names and defaults are those of Kaldi's process-kaldi-pitch-feats.</summary>
public sealed record PitchPostOptions
{
    /// <summary>Gets the factor of the normalised log pitch. The default is 2.</summary>
    public float PitchScale { get; init; } = 2;

    /// <summary>Gets the factor of the warped correlation. The default is 2.</summary>
    public float PovScale { get; init; } = 2;

    /// <summary>Gets what is added to the warped correlation after its factor. The default is 0.</summary>
    public float PovOffset { get; init; }

    /// <summary>Gets the factor of the derivative of log pitch. The default is 10.</summary>
    public float DeltaPitchScale { get; init; } = 10;

    /// <summary>Gets the standard deviation of the noise added to the derivative before its factor, about the
    /// delta-pitch of the tracker; 0 makes features repeatable by any program. The default is 0.005.</summary>
    public float DeltaPitchNoiseStddev { get; init; } = 0.005f;

    /// <summary>Gets the frames before each that its mean is taken over. The default is 75.</summary>
    public int NormalizationLeftContext { get; init; } = 75;

    /// <summary>Gets the frames after each that its mean is taken over. The default is 75.</summary>
    public int NormalizationRightContext { get; init; } = 75;

    /// <summary>Gets the frames on either side that the derivative is a regression over, 1 to 1000. The default is
    /// 2.</summary>
    public int DeltaWindow { get; init; } = 2;

    /// <summary>Gets the frames by which all is delayed; the first frame is repeated as often. The default is 0.</summary>
    public int Delay { get; init; }

    /// <summary>Gets whether the warped correlation is given. The default is true.</summary>
    public bool AddPovFeature { get; init; } = true;

    /// <summary>Gets whether log pitch less its weighted mean is given. The default is true.</summary>
    public bool AddNormalizedLogPitch { get; init; } = true;

    /// <summary>Gets whether the derivative of log pitch is given. The default is true.</summary>
    public bool AddDeltaPitch { get; init; } = true;

    /// <summary>Gets whether log pitch itself is given. The default is false.</summary>
    public bool AddRawLogPitch { get; init; }

    /// <summary>Gets the number of values in a frame.</summary>
    public int Dimension =>
        (AddPovFeature ? 1 : 0) + (AddNormalizedLogPitch ? 1 : 0) + (AddDeltaPitch ? 1 : 0) + (AddRawLogPitch ? 1 : 0);

    /// <summary>Checks that features can be made.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or no feature is asked for.</exception>
    public void Validate()
    {
        if (Dimension == 0)
        {
            throw new ArgumentException(
                "expected at least one of add-pov-feature, add-normalized-log-pitch, add-delta-pitch and add-raw-log-pitch.");
        }

        if (DeltaWindow is < 1 or > 999)
            throw new ArgumentException($"delta-window: expected 1 to 999, got {DeltaWindow}.");
        if (Delay is < 0 or > 1_000_000)
            throw new ArgumentException($"delay: expected 0 to 1,000,000, got {Delay}.");
        if (NormalizationLeftContext is < 0 or > 1 << 30 || NormalizationRightContext is < 0 or > 1 << 30)
            throw new ArgumentException("normalization-left-context, normalization-right-context: expected 0 to 2^30.");
        if (!(DeltaPitchNoiseStddev >= 0) || !float.IsFinite(DeltaPitchNoiseStddev))
            throw new ArgumentException($"delta-pitch-noise-stddev: expected 0 or more, got {DeltaPitchNoiseStddev}.");
    }
}
