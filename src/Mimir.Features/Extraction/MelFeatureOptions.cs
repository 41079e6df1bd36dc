using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>What the features that pass through mel filters have in common.</summary>
public abstract record MelFeatureOptions : FeatureOptions
{
    /// <summary>Gets the filters.</summary>
    public MelOptions Mel { get; init; } = new();

    /// <summary>Gets whether values come in HTK's order and scale. The default is false.</summary>
    public bool HtkCompat { get; init; }
}
