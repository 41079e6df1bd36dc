using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="AffineSpec"/>: one native call each way.</summary>
internal sealed class AffineBlock : Block
{
    private readonly AffineSpec _spec;
    private readonly int _inputDim;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;

    public AffineBlock(AffineSpec spec, int inputDim)
        : base(spec.OutputDim)
    {
        if (spec.OutputDim < 1)
            throw new ArgumentException($"an affine block needs at least 1 output, got {spec.OutputDim}");

        _spec = spec;
        _inputDim = inputDim;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("weight", [OutputDim, _inputDim]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1, MaxNorm = _spec.MaxNorm },
        new("bias", [OutputDim]) { RateFactor = _spec.BiasLearnRateCoef },
    ];

    public override bool FusesStep => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_weight, _bias, _weightGradient, _biasGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) =>
        [Parameters[0].Normal(random, _spec.ParamStddev), Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_affine_forward(
            inputs[0].Handle, _weight!.Handle, _bias!.Handle, (int)_spec.Activation, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var step = pass.StepRate is not null;
        var rate = pass.StepRate ?? 0;
        using var dx = new Optional(inputGradients[0]);
        using var dw = new Optional(step ? _weight : _weightGradient);
        using var db = new Optional(step ? _bias : _biasGradient);
        LibTorch.Check(LibTorch.mimir_affine_backward(
            inputs[0].Handle, _weight!.Handle, output.Handle, (int)_spec.Activation, outputGradient.Handle,
            dx.Address, dw.Address, db.Address,
            step ? -rate * _spec.LearnRateCoef : 1, step ? -rate * _spec.BiasLearnRateCoef : 1, step ? 1 : 0));
        if (step && _spec.MaxNorm > 0)
            LibTorch.Check(LibTorch.mimir_max_norm(_weight.Handle, _spec.MaxNorm));
    }
}
