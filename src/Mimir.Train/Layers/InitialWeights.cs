using Mimir.Core.Blocks;
using Mimir.Core.Models;

namespace Mimir.Train.Layers;

/// <summary>The initial weights and biases of layers: nnet1's, or He's for rectified units.</summary>
/// <remarks>
/// nnet1 (utils/nnet/make_nnet_proto.py): weights are normal with the deviation 3.5 sqrt(2 / (in + out)), in the first layer,
/// whose inputs are not in [0, 1] but of unit variance, smaller by sqrt(1 / 12); biases of sigmoid layers are uniform in -2 ± 2.
/// </remarks>
internal static class InitialWeights
{
    /// <summary>The deviation of weights behind the last recurrent layer in nnet1's prototypes.</summary>
    public const float BehindRecurrent = 0.1f;

    /// <summary>The affine transform with its initial values.</summary>
    /// <param name="activation">The function that follows.</param>
    /// <param name="inputs">The inputs of a neuron.</param>
    /// <param name="outputs">The number of neurons.</param>
    /// <param name="signal">The values of the inputs.</param>
    public static AffineSpec Of(Activation activation, int inputs, int outputs, Signal signal)
    {
        if (activation == Activation.Relu)
            return Rectified(inputs, outputs);

        var start = Nnet1Prototype.Hidden(inputs, outputs, activation, signal == Signal.Features);
        return activation == Activation.Sigmoid ? start : start with { BiasMean = 0, BiasRange = 0 };
    }

    /// <summary>The affine transform before the softmax with its initial values.</summary>
    /// <param name="inputs">The inputs of a neuron.</param>
    /// <param name="outputs">The number of classes.</param>
    /// <param name="signal">The values of the inputs.</param>
    public static AffineSpec OfOutput(int inputs, int outputs, Signal signal) =>
        signal == Signal.Open ? Rectified(inputs, outputs) : Nnet1Prototype.Output(inputs, outputs);

    /// <summary>The values behind an activation.</summary>
    public static Signal SignalOf(Activation activation) => activation == Activation.Relu ? Signal.Open : Signal.Saturated;

    // nnet1's weights are for units that saturate. Rectified ones keep the signal's variance with the weights of He et al.,
    // "Delving deep into rectifiers", 2015.
    private static AffineSpec Rectified(int inputs, int outputs) => new()
    {
        OutputDim = outputs,
        Activation = Activation.Relu,
        ParamStddev = MathF.Sqrt(2f / inputs),
        BiasMean = 0,
        BiasRange = 0,
    };
}
