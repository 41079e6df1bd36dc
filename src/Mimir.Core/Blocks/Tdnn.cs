using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>
/// A time-delay layer: frames of the same sequence side by side, then an affine transform,
/// y(t) = activation(W [x(t + o1), x(t + o2), …] + b).
/// </summary>
/// <remarks>
/// A. Waibel et al., 1989; dilated: V. Peddinti et al., 2015. The ends of a sequence repeat, as in Kaldi's Splice. It needs
/// sequences unless its one offset is 0 and its stride 1. W is <c>[OutputDim, offsets * inputs]</c>.
/// </remarks>
public sealed record TdnnSpec : BlockSpec
{
    /// <summary>The number of outputs.</summary>
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public required int OutputDim { get; init; }

    /// <summary>The input frames relative to the output frame, each once, in the order of the columns of the weights.</summary>
    [JsonRequired]
    [Option("offsets", Min = -1000, Max = 1000, Expected = "a list of whole numbers such as [-3, 0, 3]")]
    public IReadOnlyList<int> Offsets { get; init; } = [-1, 0, 1];

    /// <summary>The non-linearity after the transform.</summary>
    [JsonRequired]
    [Option("activation")]
    public Activation Activation { get; init; }

    /// <summary>
    /// The step in frames, from the first frame of an utterance or chunk, at which the layer is computed; the frames between
    /// hold the value of the last one.
    /// </summary>
    [JsonRequired]
    [Option("stride", Min = 1, Max = 1000)]
    public int Stride { get; init; } = 1;

    /// <summary>True when the transform has a bias b.</summary>
    [JsonRequired]
    public bool HasBias { get; init; } = true;

    /// <summary>
    /// The semi-orthogonal constraint (<see cref="SemiOrthogonal"/>) on W: the length of its rows, or of its columns where these
    /// are fewer; a negative number lets the length float, 0 leaves W free.
    /// </summary>
    [JsonRequired]
    public float Orthonormal { get; init; }

    /// <summary>The standard deviation of the initial weights, which are normal with mean 0.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>The mean of the initial biases, which are uniform.</summary>
    [JsonRequired]
    public float BiasMean { get; init; }

    /// <summary>The width of the uniform distribution of the initial biases.</summary>
    [JsonRequired]
    public float BiasRange { get; init; }

    /// <summary>The factor on the learning rate of the weights.</summary>
    [JsonRequired]
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>The factor on the learning rate of the biases.</summary>
    [JsonRequired]
    [Option("bias-learn-rate-coef", Min = 0)]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>The largest Euclidean norm of the weights of a neuron, which are scaled back to it after a step; 0 is no limit.</summary>
    [JsonRequired]
    [Option("max-norm", Min = 0)]
    public float MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new TdnnBlock(this, inputDim);
}

/// <summary>Computes a <see cref="TdnnSpec"/> with one call of a kernel each way, and one more where values are held.</summary>
internal sealed class TdnnBlock : Block
{
    private readonly TdnnSpec _spec;
    private readonly int _inputs;

    // With a stride: the values of the computed frames, and their gradient.
    private readonly RowBuffer _computed, _gradient;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;
    private TdnnRows? _rows;
    private SequenceLayout? _sequences;

    public TdnnBlock(TdnnSpec spec, int inputDim)
        : base(spec.OutputDim)
    {
        if (spec.OutputDim < 1 || spec.Stride < 1)
        {
            throw new ArgumentException(
                $"a time-delay layer needs at least 1 output and a stride from 1, got {spec.OutputDim} and {spec.Stride}");
        }

        if (spec.Offsets.Count == 0 || spec.Offsets.Distinct().Count() != spec.Offsets.Count)
            throw new ArgumentException($"a time-delay layer needs offsets, each once, got [{string.Join(", ", spec.Offsets)}]");

        _spec = spec;
        _inputs = inputDim * spec.Offsets.Count;
        (_computed, _gradient) = (new RowBuffer(spec.OutputDim), new RowBuffer(spec.OutputDim));
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

    public override IReadOnlyList<FactoredParameters> Factored =>
        [_spec.HasBias ? new([0, 1], OutputDim, _inputs + 1) { HasBias = true } : new([0], OutputDim, _inputs)];

    public override (Activation Activation, int Units) Nonlinearity => (_spec.Activation, OutputDim);

    public override bool FusesStep => true;

    public override bool NeedsSequences => _spec.Stride > 1 || _spec.Offsets is not [0];

    public override bool IsConstrained => _spec.Orthonormal != 0;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        (_weight, _weightGradient) = (values[0], gradients[0]);
        if (_spec.HasBias)
            (_bias, _biasGradient) = (values[1], gradients[1]);
        _computed.Bind(device, type);
        _gradient.Bind(device, type);
    }

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random)
    {
        var weight = Parameters[0].Normal(random, _spec.ParamStddev);
        return _spec.HasBias ? [weight, Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)] : [weight];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        // The transform of every stride-th frame, then each value copied to the frames that hold it.
        var rows = RowsOf(pass);
        var computed = rows.Held is null ? output : _computed.For(rows.Count);
        if (Kernels.Take(computed))
        {
            Kernels.Check(Kernels.mimir_tdnn_forward(
                inputs[0].Rows, inputs[0].Columns, OutputDim, inputs[0], rows.Taken, rows.Count, _spec.Offsets.Count, _weight, _bias,
                (int)_spec.Activation, computed));
        }
        else
        {
            ReferenceForward(inputs[0], rows.Taken, computed);
        }

        if (rows.Held is { } held)
            RowMoves.Gather(computed, held, output);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // The gradient of a held value is the sum over the frames that hold it.
        var rows = RowsOf(pass);
        if (rows.Held is { } held)
        {
            output = _computed.For(rows.Count);
            var gathered = _gradient.For(rows.Count);
            gathered.fill_(Scalars.Of(0));
            RowMoves.ScatterAdd(outputGradient, held, gathered);
            outputGradient = gathered;
        }

        // As an affine transform of the frames side by side; a fused step writes to the parameters instead of the gradients.
        var fused = pass.StepRate is not null;
        var (dw, db) = pass.LeavesFactored ? (null, null) : fused ? (_weight, _bias) : (_weightGradient, _biasGradient);
        var activation = Repaired(pass, output, outputGradient);
        var (alphaW, alphaB) = (pass.GradientScale(_spec.LearnRateCoef), pass.GradientScale(_spec.BiasLearnRateCoef));
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_tdnn_backward(
                inputs[0].Rows, inputs[0].Columns, OutputDim, inputs[0], rows.Taken, rows.Count, _spec.Offsets.Count, _weight, output,
                (int)activation, outputGradient, inputGradients[0], dw, db, alphaW, alphaB, pass.TargetScale));
        }
        else
        {
            if (!fused)
            {
                dw?.fill_(Scalars.Of(0));
                db?.fill_(Scalars.Of(0));
            }

            Activations.MultiplyDerivative(outputGradient, output, activation);
            ReferenceBackward(inputs[0], rows.Taken, output, outputGradient, inputGradients[0], dw, db, alphaW, alphaB);
        }

        if (fused && _spec.MaxNorm > 0)
            MaxNorm.Limit(_weight!, _spec.MaxNorm);
    }

    public override IReadOnlyList<GradientFactors> Factors(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient)
    {
        var rows = RowsOf(pass);
        var x = NeedsSequences ? SideBySide(inputs[0], rows.Taken) : inputs[0];
        return [new([x], rows.Held is null ? outputGradient : _gradient.For(rows.Count))];
    }

    public override void Constrain() => SemiOrthogonal.Step(_weight!, _spec.Orthonormal);

    public override void Dispose()
    {
        _computed.Dispose();
        _gradient.Dispose();
        base.Dispose();
    }

    private void ReferenceForward(Tensor x, int[] taken, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        y.copy_(SideBySide(x, taken).mm(_weight!.t()));
        if (_bias is not null)
            y.Accumulate(_bias);
        Activations.Apply(y, _spec.Activation);
    }

    // dx = dz W, each part to the rows it came from; dW += dz^T [x(t + o1), …], db += sum of dz.
    private void ReferenceBackward(
        Tensor x, int[] taken, Tensor y, Tensor dz, Tensor? dx, Tensor? dw, Tensor? db, double alphaW, double alphaB)
    {
        using var scope = torch.NewDisposeScope();
        if (dx is not null)
        {
            dx.fill_(Scalars.Of(0));
            var parts = dz.mm(_weight!).view(y.Rows, _spec.Offsets.Count, x.Columns).transpose(0, 1);
            RowMoves.Add(parts.reshape(taken.Length, x.Columns), Tensor.Indices(Device.Of(x), taken), dx);
        }

        dw?.add_(dz.t().mm(SideBySide(x, taken)), Scalars.Of(alphaW));
        db?.add_(dz.sum(dim: 0), Scalars.Of(alphaB));
    }

    // [x(t + o1), x(t + o2), …] of each computed frame.
    private Tensor SideBySide(Tensor x, int[] taken)
    {
        var all = x.index_select(0, Tensor.Indices(Device.Of(x), taken)).view(_spec.Offsets.Count, -1, x.Columns);
        return all.transpose(0, 1).reshape(all.size(1), _inputs);
    }

    // The backward pass has the layout of the forward pass before it.
    private TdnnRows RowsOf(in BatchPass pass)
    {
        if (!NeedsSequences)
            return _rows?.Count == pass.Rows.Length ? _rows : _rows = TdnnRows.Alone(pass.Rows.Length);

        var sequences = pass.RequiredSequences;
        if (_rows is null || !ReferenceEquals(sequences, _sequences))
            (_rows, _sequences) = (TdnnRows.Of(sequences, _spec.Offsets, _spec.Stride), sequences);

        return _rows;
    }
}

/// <summary>The rows of a batch that a time-delay layer reads and computes.</summary>
/// <param name="Taken">For each offset in turn the input row of each computed frame.</param>
/// <param name="Count">The number of computed frames.</param>
/// <param name="Held">For each row of the batch the computed frame whose value it has, or null when each has its own.</param>
internal sealed record TdnnRows(int[] Taken, int Count, int[]? Held)
{
    /// <summary>The rows of frames that stand alone, for the one offset 0.</summary>
    public static TdnnRows Alone(int count) => new([.. Enumerable.Range(0, count)], count, null);

    /// <summary>The rows of a batch of sequences.</summary>
    public static TdnnRows Of(SequenceLayout sequences, IReadOnlyList<int> offsets, int stride)
    {
        if (stride == 1)
            return new([.. offsets.SelectMany(sequences.Neighbours)], sequences.Rows, null);

        var computed = new List<int>();
        var held = new int[sequences.Rows];
        for (var t = 0; t < sequences.Steps; t++)
        {
            var (begin, end) = (sequences.Offsets[t], sequences.Offsets[t + 1]);
            for (var row = begin; row < end; row++)
            {
                held[row] = t % stride == 0 ? computed.Count : held[sequences.Offsets[t - 1] + row - begin];
                if (t % stride == 0)
                    computed.Add(row);
            }
        }

        return new(
            [.. offsets.SelectMany(offset => { var all = sequences.Neighbours(offset); return computed.Select(row => all[row]); })],
            computed.Count, held);
    }
}
