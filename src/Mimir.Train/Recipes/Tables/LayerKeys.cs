using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys that mean the same in layers of several kinds.</summary>
internal static class LayerKeys
{
    /// <summary>Gets the function of a layer.</summary>
    public static Key<Activation> Activation { get; } = new(
        "activation", LayerKinds.Activation, "The function that follows.");

    /// <summary>Gets how often a layer is repeated.</summary>
    public static Key<int> Repeat { get; } = new(
        "repeat", LayerKinds.Repeat, "How many such layers follow each other.");

    /// <summary>Gets whether its outputs are normalised.</summary>
    public static Key<bool> BatchNorm { get; } = new(
        "batch-norm", Kinds.Flag, "Whether batch normalisation follows the activation.");

    /// <summary>Gets the share of outputs that is dropped.</summary>
    public static Key<double> Dropout { get; } = new(
        "dropout", LayerKinds.Share, "The share of outputs that training sets to zero.");

    /// <summary>Gets how weights begin that are an affine layer's.</summary>
    public static Key<double?> ParamStddev { get; } = new(
        "param-stddev", LayerKinds.Stddev, "The standard deviation of the initial weights; without it that of `affine`.");

    /// <summary>Gets the limit of gradients.</summary>
    public static Key<double> GradClip { get; } = new(
        "grad-clip", LayerKinds.FromZero, "The largest magnitude of a parameter's gradient in a step, momentum included; 0 for no limit.");

    /// <summary>Gets how fast weights learn.</summary>
    public static Key<double> LearnRateCoef { get; } = new(
        "learn-rate-coef", LayerKinds.FromZero, "What the learning rate is multiplied with for the weights.");

    /// <summary>Gets how fast biases learn.</summary>
    public static Key<double> BiasLearnRateCoef { get; } = new(
        "bias-learn-rate-coef", LayerKinds.FromZero, "What the learning rate is multiplied with for the biases.");

    /// <summary>Gets the limit of weights.</summary>
    public static Key<double> MaxNorm { get; } = new(
        "max-norm", LayerKinds.FromZero, "The largest length of a neuron's weight vector; 0 for no limit.");
}
