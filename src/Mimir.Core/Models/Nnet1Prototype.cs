using Mimir.Core.Blocks;
using Mimir.Core.Graph;

namespace Mimir.Core.Models;

/// <summary>The initial networks of Kaldi's nnet1, with the initialisation of its make_nnet_proto.py.</summary>
public static class Nnet1Prototype
{
    // X. Glorot, Y. Bengio (2010): a deviation of sqrt(2 / (in + out)), times nnet1's 0.1 * 35.
    private const double StddevFactor = 0.1 * 35;

    /// <summary>A DNN: hidden layers <c>affine1</c> … and the output <c>affineN</c> with <c>softmax</c>.</summary>
    /// <param name="inputDim">The number of input values of the first layer.</param>
    /// <param name="hiddenLayers">The number of hidden layers, at least 0.</param>
    /// <param name="hiddenDim">The number of neurons of each.</param>
    /// <param name="outputDim">The number of classes.</param>
    /// <param name="activation">The non-linearity of the hidden layers.</param>
    public static GraphSpec Dnn(int inputDim, int hiddenLayers, int hiddenDim, int outputDim, Activation activation = Activation.Sigmoid)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hiddenLayers);
        var nodes = new List<NodeSpec>();
        var dim = inputDim;
        for (var layer = 1; layer <= hiddenLayers; layer++)
        {
            nodes.Add(new NodeSpec($"affine{layer}", Hidden(dim, hiddenDim, activation, isFirst: layer == 1)));
            dim = hiddenDim;
        }

        nodes.Add(new NodeSpec($"affine{hiddenLayers + 1}", Output(dim, outputDim)));
        nodes.Add(new NodeSpec("softmax", new SoftmaxSpec()));
        return new GraphSpec(inputDim, nodes);
    }

    /// <summary>A hidden layer.</summary>
    /// <param name="inputDim">The number of input values.</param>
    /// <param name="outputDim">The number of neurons.</param>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="isFirst">True for the layer after the features, whose weights nnet1 makes smaller by sqrt(1/12).</param>
    public static AffineSpec Hidden(int inputDim, int outputDim, Activation activation, bool isFirst) => new()
    {
        OutputDim = outputDim,
        Activation = activation,
        ParamStddev = (float)(Stddev(inputDim, outputDim) * (isFirst ? Math.Sqrt(1.0 / 12) : 1)),
        BiasMean = -2,
        BiasRange = 4,
    };

    /// <summary>The layer before the softmax, whose biases learn at a tenth of the rate.</summary>
    /// <param name="inputDim">The number of input values.</param>
    /// <param name="outputDim">The number of classes.</param>
    public static AffineSpec Output(int inputDim, int outputDim) => new()
    {
        OutputDim = outputDim,
        ParamStddev = (float)Stddev(inputDim, outputDim),
        BiasMean = 0,
        BiasRange = 0,
        LearnRateCoef = 1,
        BiasLearnRateCoef = 0.1f,
    };

    private static double Stddev(int inputDim, int outputDim) => StddevFactor * Math.Sqrt(2.0 / (inputDim + outputDim));
}
