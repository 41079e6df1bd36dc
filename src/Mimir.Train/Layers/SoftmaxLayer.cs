using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>The output layer: an affine transform and the softmax.</summary>
public sealed record SoftmaxLayer : LayerRecipe
{
    /// <summary>The number of classes; without it the number of pdfs of the transition model.</summary>
    [Option("dim", Min = 1, Max = 1 << 20)]
    public int? Dim { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights; without it nnet1's 3.5 sqrt(2 / (inputs + outputs)), behind <c>lstm</c> and
    /// <c>blstm</c> 0.1.
    /// </summary>
    [Option("param-stddev", Min = 0)]
    public double? ParamStddev { get; init; }

    /// <summary>True: tanh comes before it. Without it as in nnet1's prototypes: behind <c>lstm</c> and <c>blstm</c>.</summary>
    [Option("tanh")]
    public bool? Tanh { get; init; }

    /// <summary>The factor on the learning rate of the weights.</summary>
    [Option("learn-rate-coef", Min = 0)]
    public double LearnRateCoef { get; init; } = 1;

    /// <summary>
    /// The factor on the learning rate of the biases; without it nnet1's 0.1, behind <c>lstm</c> and <c>blstm</c> 1.
    /// </summary>
    [Option("bias-learn-rate-coef", Min = 0)]
    public double? BiasLearnRateCoef { get; init; }

    /// <summary>The largest Euclidean norm of the weights of a class; 0 is no limit.</summary>
    [Option("max-norm", Min = 0)]
    public double MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        if (Dim < nodes.Classes)
        {
            throw new InputException(
                $"model: softmax has {Dim} classes, the transition model {nodes.Classes}; leave dim out, it follows.");
        }

        var (input, outputs) = (inputs[0], Dim ?? nodes.Classes);
        var recurrent = input.Signal == Signal.Recurrent;
        if (Tanh ?? recurrent)
            input = nodes.Add(nodes.NewName("tanh", single: true), new ActivationSpec(Activation.Tanh), input, input.Dim);

        var start = InitialWeights.OfOutput(input.Dim, outputs, input.Signal);
        var stddev = recurrent ? InitialWeights.BehindRecurrent : start.ParamStddev;
        var logits = nodes.Add(nodes.NewName("output", single: true), start with
        {
            Activation = Activation.None,
            ParamStddev = (float)(ParamStddev ?? stddev),
            LearnRateCoef = (float)LearnRateCoef,
            BiasLearnRateCoef = (float)(BiasLearnRateCoef ?? (recurrent ? 1 : 0.1)),
            MaxNorm = (float)MaxNorm,
        }, input, outputs);
        return nodes.Add(Name ?? nodes.NewName("softmax", single: true), new SoftmaxSpec(), logits, outputs);
    }
}
