namespace Mimir.Features.Pitch;

/// <summary>Pitch features: the tracker and what is made of its pitch.</summary>
public sealed record PitchFeatureOptions
{
    /// <summary>Gets how pitch is tracked.</summary>
    public PitchOptions Tracking { get; init; } = new();

    /// <summary>Gets what is made of it.</summary>
    public PitchPostOptions Post { get; init; } = new();
}
