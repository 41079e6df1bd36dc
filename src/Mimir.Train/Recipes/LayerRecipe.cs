namespace Mimir.Train.Recipes;

/// <summary>One entry of the list <c>model</c>; its one key is the kind of layer.</summary>
public abstract record LayerRecipe
{
    /// <summary>The name of a layer's input that means the features: spliced and normalised, what the first layer takes.</summary>
    public const string Features = "input";

    /// <summary>A name by which later layers take this one's output, or null; it also names its nodes and parameters.</summary>
    public string? Name { get; init; }

    /// <summary>The layers whose outputs it takes; none for the one before. <c>input</c> is what the first layer takes.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Gets what the layer must see of an utterance at a time.</summary>
    internal virtual Sequencing Sequencing => Sequencing.None;
}

/// <summary>The function that follows an affine transform.</summary>
public enum Activation
{
    /// <summary>y = x.</summary>
    None,

    /// <summary>y = 1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>y = tanh(x).</summary>
    Tanh,

    /// <summary>y = max(0, x).</summary>
    Relu,
}

/// <summary><c>affine</c>: y = activation(W x + b), with batch normalisation and dropout when asked for.</summary>
public sealed record AffineLayer : LayerRecipe
{
    /// <summary>The number of outputs.</summary>
    public int Dim { get; init; }

    /// <summary>The function that follows. The default is the sigmoid.</summary>
    public Activation Activation { get; init; } = Activation.Sigmoid;

    /// <summary>How many such layers follow each other. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Whether batch normalisation follows the activation. The default is false.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>The share of outputs that training sets to zero, from 0 up to, not including, 1. The default is 0.</summary>
    public double Dropout { get; init; }

    /// <summary>The standard deviation of the initial weights, or null for nnet1's 3.5 sqrt(2 / (in + out)).</summary>
    public double? ParamStddev { get; init; }

    /// <summary>The middle of the initial biases, or null for nnet1's -2 (sigmoid) or 0 (others).</summary>
    public double? BiasMean { get; init; }

    /// <summary>The width of the initial biases, or null for nnet1's 4 (sigmoid) or 0 (others).</summary>
    public double? BiasRange { get; init; }

    /// <summary>What the learning rate is multiplied with for the weights. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for the biases. The default is 1.</summary>
    public double BiasLearnRateCoef { get; init; } = 1;

    /// <summary>The largest length of a neuron's weight vector; 0, the default, is no limit.</summary>
    public double MaxNorm { get; init; }
}

/// <summary><c>batch-norm</c>: each dimension to zero mean and unit variance over a minibatch, then scaled and shifted.</summary>
public sealed record BatchNormLayer : LayerRecipe
{
    /// <summary>What is added to the variance. The default is 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The weight of a new minibatch in the running statistics. The default is 0.1.</summary>
    public double Momentum { get; init; } = 0.1;
}

/// <summary><c>dropout</c>: sets a random share of the values to zero in training and scales the others up.</summary>
public sealed record DropoutLayer : LayerRecipe
{
    /// <summary>The share that is set to zero, from 0 up to, not including, 1. The default is 0.2.</summary>
    public double Rate { get; init; } = 0.2;
}

/// <summary><c>softmax</c>: the output layer, an affine transform and the softmax over the classes.</summary>
public sealed record SoftmaxLayer : LayerRecipe
{
    /// <summary>The number of classes, or null for as many as the transition model has pdfs.</summary>
    public int? Dim { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights, or null for nnet1's: 3.5 sqrt(2 / (in + out)), behind recurrent layers 0.1.
    /// </summary>
    public double? ParamStddev { get; init; }

    /// <summary>Whether the hyperbolic tangent comes before it, or null for nnet1's way: behind recurrent layers.</summary>
    public bool? Tanh { get; init; }

    /// <summary>What the learning rate is multiplied with for the weights. The default is 1.</summary>
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>What the learning rate is multiplied with for the biases, or null for nnet1's: 0.1, behind recurrent layers 1.</summary>
    public double? BiasLearnRateCoef { get; init; }

    /// <summary>The largest length of a class's weight vector; 0, the default, is no limit.</summary>
    public double MaxNorm { get; init; }
}
