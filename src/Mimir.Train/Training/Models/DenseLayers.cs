using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Models;
using Mimir.Train.Recipes;
using Activation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Training.Models;

/// <summary>Makes nodes of the layers that know one frame at a time, with nnet1's initialisation (He's for ReLU).</summary>
/// <remarks>
/// Weights are normal with the deviation 3.5 sqrt(2 / (in + out)), in the first layer smaller by sqrt(1 / 12), whose inputs
/// are not in [0, 1] but of unit variance; biases of sigmoid layers are uniform in -2 ± 2. Follows
/// utils/nnet/make_nnet_proto.py.
/// </remarks>
internal static class DenseLayers
{
    /// <summary>Adds an affine layer with all its copies.</summary>
    public static Port Add(ModelNodes nodes, AffineLayer layer, Port input)
    {
        for (var copy = 0; copy < layer.Repeat; copy++)
            input = AddAffine(nodes, layer, ModelNodes.NameOf(layer, copy, layer.Repeat), input);

        return input;
    }

    /// <summary>Adds a batch normalisation.</summary>
    public static Port Add(ModelNodes nodes, BatchNormLayer layer, Port input) => nodes.Add(
        layer.Name ?? nodes.NewName("batch-norm"),
        new BatchNormSpec { Epsilon = (float)layer.Epsilon, Momentum = (float)layer.Momentum }, input, input.Dim);

    /// <summary>Adds a dropout.</summary>
    public static Port Add(ModelNodes nodes, DropoutLayer layer, Port input) =>
        nodes.Add(layer.Name ?? nodes.NewName("dropout"), new DropoutSpec((float)layer.Rate), input, input.Dim);

    /// <summary>Adds the output: an affine transform and the softmax.</summary>
    /// <exception cref="InputException">The layer has fewer classes than there are.</exception>
    public static Port Add(ModelNodes nodes, SoftmaxLayer layer, Port input, int classes)
    {
        if (layer.Dim is { } dim && dim < classes)
            throw new InputException($"model: softmax has {dim} classes, the transition model {classes}; leave dim out, it follows.");

        var outputs = layer.Dim ?? classes;
        var recurrent = input.Signal == Signal.Recurrent;
        if (layer.Tanh ?? recurrent)
            input = nodes.Add(nodes.NewName("tanh", single: true), new ActivationSpec(Activation.Tanh), input, input.Dim);

        var start = input.Signal == Signal.Open ? Rectified(input.Dim, outputs) : Nnet1Prototype.Output(input.Dim, outputs);
        var stddev = recurrent ? RecurrentLayers.OutputStddev : start.ParamStddev;
        var logits = nodes.Add(nodes.NewName("output", single: true), start with
        {
            Activation = Activation.None,
            ParamStddev = (float)(layer.ParamStddev ?? stddev),
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)(layer.BiasLearnRateCoef ?? (recurrent ? 1 : 0.1)),
            MaxNorm = (float)layer.MaxNorm,
        }, input, outputs);
        return nodes.Add(layer.Name ?? nodes.NewName("softmax", single: true), new SoftmaxSpec(), logits, outputs);
    }

    /// <summary>How the weights and biases of a layer begin.</summary>
    /// <param name="activation">The function that follows.</param>
    /// <param name="inputs">The values that a neuron takes.</param>
    /// <param name="outputs">The neurons.</param>
    /// <param name="signal">What the values look like.</param>
    public static AffineSpec Start(Recipes.Activation activation, int inputs, int outputs, Signal signal)
    {
        if (activation == Recipes.Activation.Relu)
            return Rectified(inputs, outputs);

        var start = Nnet1Prototype.Hidden(inputs, outputs, Enum.Parse<Activation>(activation.ToString()), signal == Signal.Features);
        return activation == Recipes.Activation.Sigmoid ? start : start with { BiasMean = 0, BiasRange = 0 };
    }

    /// <summary>What the values behind an activation look like.</summary>
    public static Signal SignalOf(Recipes.Activation activation) =>
        activation == Recipes.Activation.Relu ? Signal.Open : Signal.Saturated;

    /// <summary>Adds the batch normalisation and the dropout that a layer asks for.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="name">The layer's name, or null.</param>
    /// <param name="port">What comes before.</param>
    /// <param name="batchNorm">Whether there is a batch normalisation.</param>
    /// <param name="dropout">The rate of dropout, 0 for none.</param>
    public static Port Regularised(ModelNodes nodes, string? name, Port port, bool batchNorm, double dropout)
    {
        if (batchNorm)
            port = nodes.Add(name is null ? nodes.NewName("batch-norm") : $"{name}.batch-norm", new BatchNormSpec(), port, port.Dim);
        if (dropout > 0)
            port = nodes.Add(name is null ? nodes.NewName("dropout") : $"{name}.dropout", new DropoutSpec((float)dropout), port, port.Dim);

        return port;
    }

    // nnet1's weights are for units that saturate. Rectified ones keep the signal's variance with He et al.'s, "Delving deep
    // into rectifiers", 2015.
    private static AffineSpec Rectified(int inputs, int outputs) => new()
    {
        OutputDim = outputs,
        Activation = Activation.Relu,
        ParamStddev = MathF.Sqrt(2f / inputs),
        BiasMean = 0,
        BiasRange = 0,
    };

    private static Port AddAffine(ModelNodes nodes, AffineLayer layer, string? name, Port input)
    {
        var start = Start(layer.Activation, input.Dim, layer.Dim, input.Signal);
        var port = nodes.Add(name ?? nodes.NewName("affine"), start with
        {
            ParamStddev = (float)(layer.ParamStddev ?? start.ParamStddev),
            BiasMean = (float)(layer.BiasMean ?? start.BiasMean),
            BiasRange = (float)(layer.BiasRange ?? start.BiasRange),
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
            MaxNorm = (float)layer.MaxNorm,
        }, input, layer.Dim, SignalOf(layer.Activation));
        return Regularised(nodes, name, port, layer.BatchNorm, layer.Dropout);
    }
}
