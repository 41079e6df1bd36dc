using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>Normalises each frame over its values, then scales and shifts each dimension by learnt parameters.</summary>
/// <remarks>J. L. Ba, J. R. Kiros, G. E. Hinton: Layer normalization, 2016, with the population's variance.</remarks>
public sealed record LayerNormSpec : BlockSpec
{
    /// <summary>Gets what is added to the variance. The default is 1e-5.</summary>
    [JsonRequired]
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LayerNormBlock(this, inputDim);
}
