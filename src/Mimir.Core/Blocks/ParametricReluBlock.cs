using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="ParametricReluSpec"/>.</summary>
internal sealed class ParametricReluBlock(ParametricReluSpec spec, int inputDim) : Block(inputDim)
{
    // nnet1's start of beta.
    private const float InitialBeta = 0.25f;

    private Tensor? _alpha, _beta, _alphaGradient, _betaGradient;

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("alpha", [OutputDim]) { RateFactor = spec.AlphaLearnRateCoef, IsTrained = spec.AlphaLearnRateCoef > 0 },
        new("beta", [OutputDim]) { RateFactor = spec.BetaLearnRateCoef, IsTrained = spec.BetaLearnRateCoef > 0 },
    ];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_alpha, _beta, _alphaGradient, _betaGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random)
    {
        var (alpha, beta) = (new float[OutputDim], new float[OutputDim]);
        Array.Fill(alpha, 1);
        Array.Fill(beta, InitialBeta);
        return [alpha, beta];
    }

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_parametric_relu(inputs[0].Handle, _alpha!.Handle, _beta!.Handle, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var dx = new Optional(inputGradients[0]);
        LibTorch.Check(LibTorch.mimir_parametric_relu_backward(
            inputs[0].Handle, _alpha!.Handle, _beta!.Handle, outputGradient.Handle, dx.Address, _alphaGradient!.Handle,
            _betaGradient!.Handle));
    }
}
