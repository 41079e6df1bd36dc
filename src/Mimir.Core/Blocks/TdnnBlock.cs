using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="TdnnSpec"/>: one native call each way, and one more where values are held.</summary>
internal sealed class TdnnBlock : Block
{
    private readonly TdnnSpec _spec;
    private readonly int _inputs;
    private readonly RowMemory _computed;
    private readonly RowMemory _gradient;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;
    private TdnnRows? _rows;
    private SequenceLayout? _sequences;

    public TdnnBlock(TdnnSpec spec, int inputDim)
        : base(spec.OutputDim)
    {
        if (spec.OutputDim < 1 || spec.Stride < 1)
            throw new ArgumentException($"a time-delay layer needs at least 1 output and a stride from 1, got {spec.OutputDim} and {spec.Stride}");
        if (spec.Offsets.Count == 0 || spec.Offsets.Distinct().Count() != spec.Offsets.Count)
            throw new ArgumentException($"a time-delay layer needs offsets, each once, got [{string.Join(", ", spec.Offsets)}]");

        _spec = spec;
        _inputs = inputDim * spec.Offsets.Count;
        (_computed, _gradient) = (new RowMemory(spec.OutputDim), new RowMemory(spec.OutputDim));
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters
    {
        get
        {
            var weight = new ParameterDeclaration("weight", [OutputDim, _inputs])
            {
                RateFactor = _spec.LearnRateCoef,
                DecayFactor = 1,
                MaxNorm = _spec.MaxNorm,
            };
            return _spec.HasBias
                ? [weight, new("bias", [OutputDim]) { RateFactor = _spec.BiasLearnRateCoef }]
                : [weight];
        }
    }

    public override bool FusesStep => true;

    public override bool NeedsSequences => _spec.Stride > 1 || _spec.Offsets is not [0];

    public override bool IsConstrained => _spec.Orthonormal != 0;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
        (_weight, _weightGradient) = (values[0], gradients[0]);
        if (_spec.HasBias)
            (_bias, _biasGradient) = (values[1], gradients[1]);
        _computed.Bind(device, type);
        _gradient.Bind(device, type);
    }

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random)
    {
        var weight = Parameters[0].Normal(random, _spec.ParamStddev);
        return _spec.HasBias ? [weight, Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)] : [weight];
    }

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var rows = RowsOf(pass);
        var computed = rows.Held is null ? output : _computed.For(rows.Count);
        using var bias = new Optional(_bias);
        LibTorch.Check(LibTorch.mimir_tdnn_forward(
            inputs[0].Handle, rows.Taken, rows.Count, _spec.Offsets.Count, _weight!.Handle, bias.Address,
            (int)_spec.Activation, computed.Handle));
        if (rows.Held is { } held)
            LibTorch.Check(LibTorch.mimir_gather_rows(computed.Handle, held, held.Length, output.Handle));
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var rows = RowsOf(pass);
        if (rows.Held is { } held)
        {
            output = _computed.For(rows.Count);
            var gathered = _gradient.For(rows.Count);
            gathered.Fill(0);
            LibTorch.Check(LibTorch.mimir_scatter_add_rows(outputGradient.Handle, held, held.Length, gathered.Handle));
            outputGradient = gathered;
        }

        var step = pass.StepRate is not null;
        var rate = pass.StepRate ?? 0;
        using var dx = new Optional(inputGradients[0]);
        using var dw = new Optional(step ? _weight : _weightGradient);
        using var db = new Optional(step ? _bias : _biasGradient);
        LibTorch.Check(LibTorch.mimir_tdnn_backward(
            inputs[0].Handle, rows.Taken, rows.Count, _spec.Offsets.Count, _weight!.Handle, output.Handle,
            (int)_spec.Activation, outputGradient.Handle, dx.Address, dw.Address, db.Address,
            step ? -rate * _spec.LearnRateCoef : 1, step ? -rate * _spec.BiasLearnRateCoef : 1, step ? 1 : 0));
        if (step && _spec.MaxNorm > 0)
            LibTorch.Check(LibTorch.mimir_max_norm(_weight.Handle, _spec.MaxNorm));
    }

    public override void Constrain() => SemiOrthogonal.Step(_weight!, _spec.Orthonormal);

    public override void Dispose()
    {
        _computed.Dispose();
        _gradient.Dispose();
        base.Dispose();
    }

    // The backward pass sees the layout of the forward pass before it.
    private TdnnRows RowsOf(in BlockPass pass)
    {
        if (!NeedsSequences)
            return _rows?.Count == pass.Rows.Length ? _rows : _rows = TdnnRows.Alone(pass.Rows.Length);

        var sequences = pass.NeededSequences;
        if (_rows is null || !ReferenceEquals(sequences, _sequences))
            (_rows, _sequences) = (TdnnRows.Of(sequences, _spec.Offsets, _spec.Stride), sequences);

        return _rows;
    }
}
