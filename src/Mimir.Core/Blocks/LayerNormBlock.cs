using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="LayerNormSpec"/>.</summary>
internal sealed class LayerNormBlock : Block
{
    private readonly float _epsilon;
    private Tensor? _gamma, _beta, _gammaGradient, _betaGradient;

    public LayerNormBlock(LayerNormSpec spec, int inputDim)
        : base(inputDim)
    {
        if (!(spec.Epsilon > 0))
            throw new ArgumentException($"layer normalisation needs an epsilon above 0, got {spec.Epsilon}");

        _epsilon = spec.Epsilon;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters => [new("gamma", [OutputDim]), new("beta", [OutputDim])];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_gamma, _beta, _gammaGradient, _betaGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random)
    {
        var gamma = new float[OutputDim];
        Array.Fill(gamma, 1);
        return [gamma, new float[OutputDim]];
    }

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_layer_norm_forward(
            inputs[0].Handle, _gamma!.Handle, _beta!.Handle, _epsilon, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var dx = new Optional(inputGradients[0]);
        LibTorch.Check(LibTorch.mimir_layer_norm_backward(
            inputs[0].Handle, _gamma!.Handle, _epsilon, outputGradient.Handle, dx.Address, _gammaGradient!.Handle,
            _betaGradient!.Handle));
    }
}
