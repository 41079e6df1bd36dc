using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>
/// The memory of an FSMN: y(t) = x(t) + sum over i of a(i) x(t - LeftStride i), i = 0 … Left, + sum over j of
/// c(j) x(t + RightStride j), j = 1 … Right, with weights of their own for each dimension. It needs sequences.
/// </summary>
/// <remarks>
/// S. Zhang et al.: Deep-FSMN for large vocabulary continuous speech recognition, 2018, equation 8 without the skip
/// connection, which a <see cref="SumSpec"/> makes. Frames beyond the ends of a sequence count as zeros. The weights are
/// <c>[Left + 1 + Right, D]</c>: a(0) … a(Left), c(1) … c(Right).
/// </remarks>
public sealed record MemorySpec : BlockSpec
{
    /// <summary>Gets the number of earlier frames, N1; at least 0.</summary>
    public required int Left { get; init; }

    /// <summary>Gets the number of later frames, N2; at least 0.</summary>
    public required int Right { get; init; }

    /// <summary>Gets the distance of earlier frames from each other, at least 1. The default is 1.</summary>
    [JsonRequired]
    public int LeftStride { get; init; } = 1;

    /// <summary>Gets the distance of later frames from each other, at least 1. The default is 1.</summary>
    [JsonRequired]
    public int RightStride { get; init; } = 1;

    /// <summary>Gets the standard deviation of the initial weights, normal with mean 0. The default is 0.1.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>Gets the factor on the learning rate. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new MemoryBlock(this, inputDim);
}
