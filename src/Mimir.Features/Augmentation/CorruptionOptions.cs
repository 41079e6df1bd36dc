namespace Mimir.Features.Augmentation;

/// <summary>What a wave is brought to after it was put into a room and noise was added; names and defaults are Kaldi's.</summary>
public sealed record CorruptionOptions
{
    /// <summary>Gets whether the delay of the direct path is taken out, and the wave keeps its length. The default is true.</summary>
    public bool ShiftOutput { get; init; } = true;

    /// <summary>Gets whether the power is brought back to that of the clean wave. The default is true.</summary>
    public bool NormalizeOutput { get; init; } = true;

    /// <summary>Gets a factor of samples that takes the place of <see cref="NormalizeOutput"/>; 0, the default, for none.</summary>
    public float Volume { get; init; }

    /// <summary>Gets the length of the output in seconds, for which the wave is cut or repeated; 0, the default, leaves it.</summary>
    public float Duration { get; init; }
}
