namespace Mimir.Train.Recipes;

/// <summary>
/// <c>conv2d</c>: a convolution over time and frequency. A frame is so many frequencies times some channels, the channels of
/// one frequency side by side; the ends of an utterance repeat in time, beyond the frequencies there are zeros.
/// </summary>
public sealed record ConvolutionLayer : LayerRecipe
{
    /// <summary>The number of filters: the channels of the output.</summary>
    public int Filters { get; init; }

    /// <summary>The frequencies of the input, or null for those of the convolution or pooling that it takes.</summary>
    public int? Height { get; init; }

    /// <summary>The frames that the kernel sees, relative to its own. The default is -1, 0, 1.</summary>
    public IReadOnlyList<int> Times { get; init; } = [-1, 0, 1];

    /// <summary>The frequencies that the kernel sees. The default is 3.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>The step in frequencies. The default is 1.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>The frequencies of zeros at either end, or null for (kernel - 1) / 2.</summary>
    public int? Padding { get; init; }

    /// <summary>Whether the input has one channel after another, as features with deltas and spliced frames do. The default is false.</summary>
    public bool ChannelsApart { get; init; }

    /// <summary>The function that follows. The default is ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether batch normalisation follows the activation. The default is false.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>The standard deviation of the initial weights, or null for that of <c>affine</c>.</summary>
    public double? ParamStddev { get; init; }

    /// <summary>What the learning rate is multiplied with for the weights. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for the biases. The default is 1.</summary>
    public double BiasLearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Times is [0] ? Sequencing.None : Sequencing.Whole;
}

/// <summary><c>max-pool</c>: the greatest value of a window over time and frequency, in each channel.</summary>
public sealed record MaxPoolLayer : LayerRecipe
{
    /// <summary>The frequencies of the input, or null for those of the convolution or pooling that it takes.</summary>
    public int? Height { get; init; }

    /// <summary>The frames of the window, relative to its own. The default is the frame alone.</summary>
    public IReadOnlyList<int> Times { get; init; } = [0];

    /// <summary>The frequencies of the window. The default is 2.</summary>
    public int Kernel { get; init; } = 2;

    /// <summary>The step in frequencies, or null for that of the window: windows side by side.</summary>
    public int? Stride { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Times is [0] ? Sequencing.None : Sequencing.Whole;
}
