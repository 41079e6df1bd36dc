namespace Mimir.Features.Extraction;

/// <summary>When a frame counts as speech.</summary>
public sealed record EnergyVadOptions
{
    /// <summary>Gets the constant part of the threshold of the log energy; 5 by default.</summary>
    public float Threshold { get; init; } = 5;

    /// <summary>Gets how much of an utterance's mean log energy is added to the threshold; 0 or more, 0.5 by default.</summary>
    public float MeanScale { get; init; } = 0.5f;

    /// <summary>Gets how many frames on either side have a say; 0 by default.</summary>
    public int Context { get; init; }

    /// <summary>Gets the share of these frames that must be above the threshold; between 0 and 1, 0.6 by default.</summary>
    public float Proportion { get; init; } = 0.6f;
}
