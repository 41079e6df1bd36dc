using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="BatchNormSpec"/>.</summary>
internal sealed class BatchNormBlock : Block
{
    private readonly BatchNormSpec _spec;
    private Tensor? _gamma, _beta, _mean, _variance, _gammaGradient, _betaGradient, _saved;

    public BatchNormBlock(BatchNormSpec spec, int inputDim)
        : base(inputDim)
    {
        if (!(spec.Momentum > 0 && spec.Momentum <= 1 && spec.Epsilon > 0))
            throw new ArgumentException(
                $"batch normalisation needs a momentum in (0, 1] and an epsilon above 0, got {spec.Momentum} and {spec.Epsilon}");

        _spec = spec;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("gamma", [OutputDim]),
        new("beta", [OutputDim]),
        new("running-mean", [OutputDim]) { IsTrained = false },
        new("running-variance", [OutputDim]) { IsTrained = false },
    ];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
        (_gamma, _beta, _mean, _variance) = (values[0], values[1], values[2], values[3]);
        (_gammaGradient, _betaGradient) = (gradients[0], gradients[1]);
        _saved = Tensor.Zeros(device, [2, OutputDim], type);
    }

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => [Filled(1), Filled(0), Filled(0), Filled(1)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_batch_norm_forward(
            inputs[0].Handle, _gamma!.Handle, _beta!.Handle, _mean!.Handle, _variance!.Handle,
            pass.Mode == PassMode.Train ? 1 : 0, _spec.Momentum, _spec.Epsilon, _saved!.Handle, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var dx = new Optional(inputGradients[0]);
        LibTorch.Check(LibTorch.mimir_batch_norm_backward(
            inputs[0].Handle, _gamma!.Handle, _saved!.Handle, outputGradient.Handle, dx.Address,
            _gammaGradient!.Handle, _betaGradient!.Handle));
    }

    public override void Dispose()
    {
        _saved?.Dispose();
        base.Dispose();
    }

    private float[] Filled(float value)
    {
        var values = new float[OutputDim];
        Array.Fill(values, value);
        return values;
    }
}
