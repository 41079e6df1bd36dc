using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>y = activation(x), for where no affine transform comes right before it.</summary>
/// <param name="Activation">The non-linearity.</param>
public sealed record ActivationSpec(Activation Activation) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ActivationBlock(Activation, inputDim);
}

/// <summary>y = alpha x where x is not negative, else beta x; each dimension has its own slopes, which may learn.</summary>
/// <remarks>nnet1's ParametricRelu. K. He et al.: Delving deep into rectifiers, 2015, with a second slope.</remarks>
public sealed record ParametricReluSpec : BlockSpec
{
    /// <summary>Gets the factor on the learning rate of alpha. The default, 0, keeps alpha as it is.</summary>
    [JsonRequired]
    public float AlphaLearnRateCoef { get; init; }

    /// <summary>Gets the factor on the learning rate of beta. The default, 0, keeps beta as it is.</summary>
    [JsonRequired]
    public float BetaLearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ParametricReluBlock(this, inputDim);
}

/// <summary>y[i] = x[Indices[i]]: rearranges, repeats or leaves out dimensions.</summary>
/// <param name="Indices">The input of each output, from 0.</param>
public sealed record CopySpec(IReadOnlyList<int> Indices) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new CopyBlock(inputDim, Indices);
}

/// <summary>y = W x, W <c>[OutputDim, InputDim]</c>.</summary>
/// <param name="OutputDim">The number of outputs.</param>
public sealed record LinearSpec(int OutputDim) : BlockSpec
{
    /// <summary>Gets the standard deviation of the initial weights, normal with mean 0. The default is nnet1's 0.1.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>Gets the factor on the learning rate. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LinearBlock(this, inputDim);
}
