using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A ReLU with trainable slopes for each dimension: y = alpha x where x is not negative, else beta x.</summary>
/// <remarks>nnet1's ParametricRelu. K. He et al.: Delving deep into rectifiers, 2015, with a second slope.</remarks>
public sealed record ParametricReluSpec : BlockSpec
{
    /// <summary>The factor on the learning rate of alpha; 0 keeps alpha as it is.</summary>
    [JsonRequired]
    public float AlphaLearnRateCoef { get; init; }

    /// <summary>The factor on the learning rate of beta; 0 keeps beta as it is.</summary>
    [JsonRequired]
    public float BetaLearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ParametricReluBlock(this, inputDim);
}

/// <summary>Computes a <see cref="ParametricReluSpec"/>.</summary>
internal sealed class ParametricReluBlock(ParametricReluSpec spec, int inputDim) : Block(inputDim)
{
    // As in nnet1.
    private const float InitialAlpha = 1;
    private const float InitialBeta = 0.25f;

    private Tensor? _alpha, _beta, _alphaGradient, _betaGradient;

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("alpha", [OutputDim]) { RateFactor = spec.AlphaLearnRateCoef, IsTrained = spec.AlphaLearnRateCoef > 0 },
        new("beta", [OutputDim]) { RateFactor = spec.BetaLearnRateCoef, IsTrained = spec.BetaLearnRateCoef > 0 },
    ];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_alpha, _beta, _alphaGradient, _betaGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
        [Parameters[0].Constant(InitialAlpha), Parameters[1].Constant(InitialBeta)];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_parametric_relu(output.Rows, OutputDim, inputs[0], _alpha!, _beta!, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        output.copy_(inputs[0] * Slopes(inputs[0]));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dx = dy * slope, dalpha = sum over the batch of dy max(x, 0), dbeta = sum of dy min(x, 0).
        var (x, dy) = (inputs[0], outputGradient);
        if (Kernels.Take(dy))
        {
            Kernels.Check(Kernels.mimir_parametric_relu_backward(
                x.Rows, OutputDim, x, _alpha!, _beta!, dy, inputGradients[0], _alphaGradient!, _betaGradient!));
            return;
        }

        using var scope = torch.NewDisposeScope();
        _alphaGradient!.copy_((dy * x.clamp_min(Scalars.Of(0))).sum(dim: 0));
        _betaGradient!.copy_((dy * x.clamp_max(Scalars.Of(0))).sum(dim: 0));
        inputGradients[0]?.copy_(dy * Slopes(x));
    }

    private Tensor Slopes(Tensor x) => torch.where(x >= Scalars.Of(0), _alpha!, _beta!);
}
