using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>A layer of gated recurrent units, one output a cell. It needs sequences.</summary>
/// <remarks>
/// K. Cho et al.: Learning phrase representations using RNN encoder-decoder, 2014, with the reset gate applied after the
/// recurrent product, as PyTorch and cuDNN have it. Truncated batches carry its state by stream.
/// </remarks>
/// <param name="Cells">The number of cells.</param>
public sealed record GruSpec(int Cells) : BlockSpec
{
    /// <summary>Gets the limit of a parameter's gradient with its momentum; the default, 0, is none.</summary>
    [JsonRequired]
    public float GradClip { get; init; }

    /// <summary>Gets the half width of the uniform distribution of the initial values, or null for PyTorch's 1 / sqrt(C).</summary>
    [JsonRequired]
    public float? ParamRange { get; init; }

    /// <summary>Gets the factor on the learning rate of the matrices. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor on the learning rate of the biases. The default is 1.</summary>
    [JsonRequired]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new GruBlock(this, inputDim);
}
