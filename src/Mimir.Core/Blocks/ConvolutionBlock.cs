using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="ConvolutionSpec"/>: one native call each way.</summary>
internal sealed class ConvolutionBlock : Block
{
    private readonly ConvolutionSpec _spec;
    private readonly PictureRows _rows;
    private readonly LibTorch.Picture _picture;
    private readonly int _patch;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;

    public ConvolutionBlock(ConvolutionSpec spec, int inputDim)
        : base(Math.Max(0, spec.OutputHeight * spec.Filters))
    {
        if (spec.Filters < 1)
            throw new ArgumentException($"a convolution needs at least 1 filter, got {spec.Filters}");

        _spec = spec;
        _rows = new PictureRows(inputDim, spec.Height, spec.TimeOffsets, spec.KernelHeight, spec.Stride, spec.Padding);
        _picture = _rows.Picture with { Filters = spec.Filters };
        _patch = spec.TimeOffsets.Count * spec.KernelHeight * (inputDim / spec.Height);
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("weight", [_spec.Filters, _patch]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1 },
        new("bias", [_spec.Filters]) { RateFactor = _spec.BiasLearnRateCoef },
    ];

    public override bool FusesStep => true;

    public override bool NeedsSequences => _rows.NeedsSequences;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_weight, _bias, _weightGradient, _biasGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) =>
        [Parameters[0].Normal(random, _spec.ParamStddev), Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_convolution_forward(
            in _picture, inputs[0].Handle, _rows.Of(pass), _weight!.Handle, _bias!.Handle, (int)_spec.Activation, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var step = pass.StepRate is not null;
        var rate = pass.StepRate ?? 0;
        using var dx = new Optional(inputGradients[0]);
        using var dw = new Optional(step ? _weight : _weightGradient);
        using var db = new Optional(step ? _bias : _biasGradient);
        LibTorch.Check(LibTorch.mimir_convolution_backward(
            in _picture, inputs[0].Handle, _rows.Of(pass), _weight!.Handle, output.Handle, (int)_spec.Activation,
            outputGradient.Handle, dx.Address, dw.Address, db.Address, step ? -rate * _spec.LearnRateCoef : 1,
            step ? -rate * _spec.BiasLearnRateCoef : 1, step ? 1 : 0));
    }
}
