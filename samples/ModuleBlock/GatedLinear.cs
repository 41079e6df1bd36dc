using TorchSharp;
using TorchSharp.Modules;
using Tensor = TorchSharp.torch.Tensor;

namespace Mimir.Samples;

/// <summary>A gated linear layer, (V x + v) * sigmoid(G x + g), then batch normalisation and dropout.</summary>
/// <remarks>
/// A layer of a recipe, in place of an affine one:
/// <code>
/// - module: {type: GatedLinear, assembly: Mimir.Samples.ModuleBlock.dll, output-dim: 512, dropout: 0.1}
/// </code>
/// </remarks>
public sealed class GatedLinear : torch.nn.Module<Tensor, Tensor>
{
    private readonly Linear _value, _gate;
    private readonly BatchNorm1d _norm;
    private readonly Dropout _dropout;

    /// <summary>Makes the layer.</summary>
    /// <param name="inputs">The number of inputs of a frame, which Mimir fills in.</param>
    /// <param name="outputDim">The number of outputs: <c>output-dim</c> in the recipe.</param>
    /// <param name="dropout">The share of outputs that training sets to 0.</param>
    public GatedLinear(int inputs, int outputDim, double dropout = 0)
        : base(nameof(GatedLinear))
    {
        (_value, _gate) = (torch.nn.Linear(inputs, outputDim), torch.nn.Linear(inputs, outputDim));
        (_norm, _dropout) = (torch.nn.BatchNorm1d(outputDim), torch.nn.Dropout(dropout));
        RegisterComponents();
    }

    /// <summary>Computes the frames of a batch.</summary>
    /// <param name="input"><c>[N, inputs]</c>.</param>
    /// <returns><c>[N, outputDim]</c>.</returns>
    public override Tensor forward(Tensor input) =>
        _dropout.call(_norm.call(_value.call(input) * _gate.call(input).sigmoid()));
}
