namespace Mimir.Features.Signal;

/// <summary>The triangular filters of the mel scale; names and defaults are Kaldi's.</summary>
public sealed record MelOptions
{
    /// <summary>Gets the number of triangles, 3 or more. The default is 23.</summary>
    public int NumMelBins { get; init; } = 23;

    /// <summary>Gets the left edge of the first triangle, in hertz. The default is 20.</summary>
    public float LowFreq { get; init; } = 20;

    /// <summary>
    /// Gets the right edge of the last triangle, in hertz; 0 or less counts from the Nyquist frequency. The default
    /// is 0.
    /// </summary>
    public float HighFreq { get; init; }

    /// <summary>Gets the lower bend of the vocal-tract warp, in hertz. The default is 100.</summary>
    public float VtlnLow { get; init; } = 100;

    /// <summary>
    /// Gets the upper bend of the vocal-tract warp, in hertz; below 0 counts from the Nyquist frequency. The
    /// default is -500.
    /// </summary>
    public float VtlnHigh { get; init; } = -500;

    /// <summary>
    /// Gets whether HTK's details are kept: energies of at least 1, and the first weight of the first triangle 0.
    /// </summary>
    public bool HtkMode { get; init; }
}
