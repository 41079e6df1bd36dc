using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>
/// A convolution over time and frequency. A frame is a picture of <see cref="Height"/> frequencies times some channels, the
/// channels of one frequency side by side; so is the output, with a channel a filter.
/// </summary>
/// <remarks>
/// The ends of a sequence repeat in time, as in Kaldi's Splice; beyond the lowest and the highest frequency there are zeros.
/// It needs sequences unless it sees one frame at offset 0. W is <c>[Filters, times * KernelHeight * channels]</c>.
/// </remarks>
public sealed record ConvolutionSpec : BlockSpec
{
    /// <summary>Gets the number of frequencies of the input; its dimension is a multiple of it.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the number of filters: channels of the output.</summary>
    public required int Filters { get; init; }

    /// <summary>Gets the frames that the kernel sees, relative to its own, each once.</summary>
    public required IReadOnlyList<int> TimeOffsets { get; init; }

    /// <summary>Gets the number of frequencies that the kernel sees.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Gets the step in frequencies from output to output. The default is 1.</summary>
    [JsonRequired]
    public int Stride { get; init; } = 1;

    /// <summary>Gets the frequencies of zeros at either end, below <see cref="KernelHeight"/>. The default is 0.</summary>
    [JsonRequired]
    public int Padding { get; init; }

    /// <summary>Gets the non-linearity. The default is none.</summary>
    [JsonRequired]
    public Activation Activation { get; init; }

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

    /// <summary>Gets the number of frequencies of the output: as many whole steps as fit.</summary>
    [JsonIgnore]
    public int OutputHeight => PictureRows.OutputHeight(Height, KernelHeight, Stride, Padding);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConvolutionBlock(this, inputDim);
}

/// <summary>The greatest value of a window over time and frequency, in each channel. The picture is that of <see cref="ConvolutionSpec"/>.</summary>
/// <remarks>There is no step in time: every frame has a window of its own, which repeats the ends of the sequence.</remarks>
public sealed record MaxPoolSpec : BlockSpec
{
    /// <summary>Gets the number of frequencies of the input; its dimension is a multiple of it.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the frames of the window, relative to its own, each once.</summary>
    public required IReadOnlyList<int> TimeOffsets { get; init; }

    /// <summary>Gets the number of frequencies of the window.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Gets the step in frequencies from output to output; what is left over at the top is not seen.</summary>
    public required int Stride { get; init; }

    /// <summary>Gets the number of frequencies of the output: as many whole steps as fit.</summary>
    [JsonIgnore]
    public int OutputHeight => PictureRows.OutputHeight(Height, KernelHeight, Stride, 0);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new MaxPoolBlock(this, inputDim);
}
