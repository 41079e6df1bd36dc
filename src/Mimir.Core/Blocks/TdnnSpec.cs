using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>
/// y = activation(W [x(t + o1), x(t + o2), …] + b): frames of the same sequence side by side, then an affine transform.
/// </summary>
/// <remarks>
/// A time-delay layer (A. Waibel et al., 1989; dilated: V. Peddinti et al., 2015). The ends of a sequence repeat, as in Kaldi's
/// Splice. It needs sequences unless its one offset is 0 and its stride 1. W is <c>[OutputDim, offsets * inputs]</c>.
/// </remarks>
public sealed record TdnnSpec : BlockSpec
{
    /// <summary>Gets the number of outputs.</summary>
    public required int OutputDim { get; init; }

    /// <summary>Gets the frames that it takes, relative to its own, each once; in the order of the columns of W.</summary>
    public required IReadOnlyList<int> Offsets { get; init; }

    /// <summary>Gets the non-linearity. The default is none.</summary>
    [JsonRequired]
    public Activation Activation { get; init; }

    /// <summary>
    /// Gets the step in frames, counted from a sequence's beginning, at which it is computed; its value is held for the frames
    /// between, so the number of frames stays. The default is 1.
    /// </summary>
    [JsonRequired]
    public int Stride { get; init; } = 1;

    /// <summary>Gets a value indicating whether there is a bias b. The default is true.</summary>
    [JsonRequired]
    public bool HasBias { get; init; } = true;

    /// <summary>
    /// Gets what the rows of W (its columns, where these are fewer) are kept orthogonal to each other with: their length; a
    /// negative number lets the length float; the default, 0, leaves W free. See <see cref="SemiOrthogonal"/>.
    /// </summary>
    [JsonRequired]
    public float Orthonormal { get; init; }

    /// <summary>Gets the standard deviation of the initial weights, normal with mean 0. The default is 0.1.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>Gets the middle of the initial biases. The default is 0.</summary>
    [JsonRequired]
    public float BiasMean { get; init; }

    /// <summary>Gets the width of the uniform distribution of the initial biases. The default is 0.</summary>
    [JsonRequired]
    public float BiasRange { get; init; }

    /// <summary>Gets the factor on the learning rate of the weights. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor on the learning rate of the biases. The default is 1.</summary>
    [JsonRequired]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the greatest norm of one neuron's weights, which are scaled back to it after a step; 0 is no limit.</summary>
    [JsonRequired]
    public float MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new TdnnBlock(this, inputDim);
}
