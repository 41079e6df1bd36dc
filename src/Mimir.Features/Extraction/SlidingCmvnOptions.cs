namespace Mimir.Features.Extraction;

/// <summary>How features are normalised by a window that moves along.</summary>
public sealed record SlidingCmvnOptions
{
    /// <summary>Gets the window, in frames; 1 or more. The default is 600.</summary>
    public int Window { get; init; } = 600;

    /// <summary>
    /// Gets the least window at the beginning of an utterance, in frames; the default is 100. Where the window is centred it
    /// does not matter.
    /// </summary>
    public int MinWindow { get; init; } = 100;

    /// <summary>Gets whether the window is centred on a frame instead of ending there; false by default.</summary>
    public bool Centered { get; init; }

    /// <summary>Gets whether variances become 1 as well as means 0; false by default.</summary>
    public bool NormVars { get; init; }
}
