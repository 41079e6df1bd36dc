using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Layer normalisation: each frame to mean 0 and variance 1 over its values, then a learnt scale and shift.</summary>
/// <remarks>J. L. Ba, J. R. Kiros, G. E. Hinton: Layer normalization, 2016, with the variance of the population.</remarks>
public sealed record LayerNormSpec : BlockSpec
{
    /// <summary>The number that is added to the variance.</summary>
    [JsonRequired]
    [Option("epsilon", Min = 0, MinExcluded = true)]
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LayerNormBlock(this, inputDim);
}

/// <summary>Computes a <see cref="LayerNormSpec"/>; Backward computes mean and variance again.</summary>
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

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_gamma, _beta, _gammaGradient, _betaGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => [Parameters[0].Constant(1), Parameters[1].Constant(0)];

    // y = (x - mean) / sqrt(variance + epsilon) * gamma + beta
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_layer_norm_forward(output.Rows, OutputDim, inputs[0], _gamma!, _beta!, _epsilon, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var (normalised, _) = Normalise(inputs[0]);
        output.copy_((normalised * _gamma!).Plus(_beta!));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var dy = outputGradient;
        if (Kernels.Take(dy))
        {
            Kernels.Check(Kernels.mimir_layer_norm_backward(
                dy.Rows, OutputDim, inputs[0], _gamma!, _epsilon, dy, inputGradients[0], _gammaGradient!, _betaGradient!));
            return;
        }

        // With d = dy gamma: dx = (d - mean of d - normalised x * mean of d times normalised x) / deviation
        using var scope = torch.NewDisposeScope();
        var (normalised, inverse) = Normalise(inputs[0]);
        _gammaGradient!.copy_((dy * normalised).sum(dim: 0));
        _betaGradient!.copy_(dy.sum(dim: 0));
        var d = dy * _gamma!;
        inputGradients[0]?.copy_(inverse * (d - RowMeans(d) - (normalised * RowMeans(d * normalised))));
    }

    private (Tensor Normalised, Tensor Inverse) Normalise(Tensor x)
    {
        var centred = x - RowMeans(x);
        var inverse = RowMeans(centred * centred).Plus(_epsilon).rsqrt_();
        return (centred * inverse, inverse);
    }

    private static Tensor RowMeans(Tensor x) => x.mean([1], keepdim: true);
}
