namespace Mimir.Train.Recipes;

/// <summary><c>tdnn</c>: an affine transform of several frames of the same utterance side by side, the ends repeated.</summary>
public sealed record TdnnLayer : LayerRecipe
{
    /// <summary>The number of outputs.</summary>
    public int Dim { get; init; }

    /// <summary>The frames that it takes, relative to its own. The default is -1, 0, 1.</summary>
    public IReadOnlyList<int> Offsets { get; init; } = [-1, 0, 1];

    /// <summary>The function that follows. The default is ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Every how many frames it is computed; the value is held for the frames between. The default is 1.</summary>
    public int Stride { get; init; } = 1;

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

    /// <summary>The largest length of a neuron's weight vector; 0, the default, is no limit.</summary>
    public double MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;
}

/// <summary>
/// <c>tdnnf</c>: a factorised time-delay layer, Kaldi's tdnnf-layer: a semi-orthogonal bottleneck, ReLU, batch normalisation,
/// dropout, and what it takes added to it.
/// </summary>
public sealed record TdnnfLayer : LayerRecipe
{
    /// <summary>The number of outputs.</summary>
    public int Dim { get; init; }

    /// <summary>The number of values in between, below <see cref="Dim"/>.</summary>
    public int Bottleneck { get; init; }

    /// <summary>The bottleneck sees the frame so many before, what follows it the one so many behind; 0 for neither. The default is 1.</summary>
    public int TimeStride { get; init; } = 1;

    /// <summary>What its input is multiplied with where it is added to the output; 0 adds nothing. The default is 0.66.</summary>
    public double BypassScale { get; init; } = 0.66;

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>How many such layers follow each other. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;
}

/// <summary>
/// <c>dfsmn</c>: a linear projection, a memory of weighted earlier and later frames that adds to that of the dfsmn layer
/// before, and an affine transform with ReLU (S. Zhang et al., 2018).
/// </summary>
public sealed record DfsmnLayer : LayerRecipe
{
    /// <summary>The number of outputs.</summary>
    public int Dim { get; init; }

    /// <summary>The number of values of the memory.</summary>
    public int Projection { get; init; }

    /// <summary>The number of earlier frames of the memory. The default is 20.</summary>
    public int Left { get; init; } = 20;

    /// <summary>The number of later frames of the memory. The default is 20.</summary>
    public int Right { get; init; } = 20;

    /// <summary>The distance of the earlier frames from each other. The default is 1.</summary>
    public int LeftStride { get; init; } = 1;

    /// <summary>The distance of the later frames from each other. The default is 1.</summary>
    public int RightStride { get; init; } = 1;

    /// <summary>Whether the memory of the dfsmn layer before is added. The default is true.</summary>
    public bool Skip { get; init; } = true;

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>How many such layers follow each other. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;
}
