using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>An affine transform and an activation: y = activation(W x + b).</summary>
public sealed record AffineLayer : RepeatedLayer
{
    /// <summary>The transform; its initial values are those below.</summary>
    [IncludeOptions]
    public AffineSpec Transform { get; init; } = new() { OutputDim = 0, Activation = Activation.Sigmoid };

    /// <summary>True: batch normalisation follows the activation.</summary>
    [Option("batch-norm")]
    public bool BatchNorm { get; init; }

    /// <summary>
    /// The standard deviation of the initial weights; without it nnet1's 3.5 sqrt(2 / (inputs + outputs)), for ReLU
    /// sqrt(2 / inputs).
    /// </summary>
    [Option("param-stddev", Min = 0)]
    public double? ParamStddev { get; init; }

    /// <summary>The mean of the initial biases; without it nnet1's -2 for the sigmoid and 0 for the others.</summary>
    [Option("bias-mean")]
    public double? BiasMean { get; init; }

    /// <summary>The width of the range of the initial biases; without it nnet1's 4 for the sigmoid and 0 for the others.</summary>
    [Option("bias-range", Min = 0)]
    public double? BiasRange { get; init; }

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        var start = InitialWeights.Of(Transform.Activation, input.Dim, Transform.OutputDim, input.Signal);
        var port = nodes.Add(name ?? nodes.NewName("affine"), Transform with
        {
            ParamStddev = (float)(ParamStddev ?? start.ParamStddev),
            BiasMean = (float)(BiasMean ?? start.BiasMean),
            BiasRange = (float)(BiasRange ?? start.BiasRange),
        }, input, Transform.OutputDim, InitialWeights.SignalOf(Transform.Activation));
        return nodes.Regularise(name, port, BatchNorm, Dropout);
    }
}
