using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A layer of gated recurrent units, one output a cell. It needs sequences.</summary>
/// <remarks>
/// K. Cho et al.: Learning phrase representations using RNN encoder-decoder, 2014, with the reset gate applied after the
/// recurrent product, as PyTorch and cuDNN have it. Truncated batches carry its state by stream. A step is
/// <code>
/// r = sigmoid(Wx_r x(t) + Wr_r h(t-1) + b_r)                    reset gate
/// z = sigmoid(Wx_z x(t) + Wr_z h(t-1) + b_z)                    update gate
/// n = tanh(Wx_n x(t) + b_n + r (Wr_n h(t-1) + b_q))             candidate
/// h(t) = (1 - z) n + z h(t-1)                                   output
/// </code>
/// </remarks>
/// <param name="Cells">The number of units, one output each.</param>
public sealed record GruSpec([property: Option("dim", Min = 1, Max = 1 << 20, Required = true)] int Cells) : BlockSpec
{
    /// <summary>The largest magnitude of the gradient of a parameter in a step, momentum included; 0 is no limit.</summary>
    [JsonRequired]
    [Option("grad-clip", Min = 0)]
    public float GradClip { get; init; }

    /// <summary>Initial parameters are uniform between minus and plus this number; without it 1 / sqrt(dim), as in PyTorch.</summary>
    [JsonRequired]
    [Option("param-range", Min = 0)]
    public float? ParamRange { get; init; }

    /// <summary>The factor on the learning rate of the weights.</summary>
    [JsonRequired]
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>The factor on the learning rate of the biases.</summary>
    [JsonRequired]
    [Option("bias-learn-rate-coef", Min = 0)]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new GruBlock(this, inputDim);
}

/// <summary>Computes a <see cref="GruSpec"/> in one call of a kernel each way, or step by step in TorchSharp's operations.</summary>
internal sealed class GruBlock : Block
{
    private readonly GruSpec _spec;
    private readonly int _inputDim;
    private readonly RecurrentBuffers _buffers;
    private IReadOnlyList<Tensor> _values = [], _gradients = [];

    public GruBlock(GruSpec spec, int inputDim)
        : base(spec.Cells)
    {
        if (spec.Cells < 1)
            throw new ArgumentException($"a recurrent layer needs at least 1 cell, got {spec.Cells}");
        if (!(spec.GradClip >= 0))
            throw new ArgumentException("the clipping of a recurrent layer must not be negative; 0 is none");

        (_spec, _inputDim, _buffers) = (spec, inputDim, new(stateDim: spec.Cells, WorkspaceSize));
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        Matrix("w-x", 3 * _spec.Cells, _inputDim), Matrix("w-r", 3 * _spec.Cells, _spec.Cells),
        Vector("bias", 3 * _spec.Cells), Vector("bias-q", _spec.Cells),
    ];

    public override bool NeedsSequences => true;

    public override Tensor? State => _buffers.State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        (_values, _gradients) = (values, gradients);
        _buffers.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _buffers.ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random)
    {
        var range = _spec.ParamRange ?? 1 / Math.Sqrt(_spec.Cells);
        return [.. Parameters.Select(parameter => parameter.Uniform(random, 0, 2 * range))];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        // The input products of all steps at once; then per step the recurrent product, the gates and the output.
        var layout = pass.RequiredSequences;
        var workspace = _buffers.WorkspaceFor(layout);
        if (!Kernels.Take(output))
        {
            ReferenceForward(layout, inputs[0], workspace, output);
            return;
        }

        using var sequences = new NativeSequences(layout);
        Kernels.Check(Kernels.mimir_gru_forward(
            _inputDim, _spec.Cells, State?.Rows ?? 0, in sequences.Value, inputs[0], _values[0], _values[1], _values[2],
            _values[3], State, workspace, output));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // From the last step back, with gates and candidates from the workspace. The optimiser applies grad-clip.
        var layout = pass.RequiredSequences;
        var workspace = _buffers.WorkspaceFor(layout);
        if (!Kernels.Take(output))
        {
            ReferenceBackward(layout, inputs[0], workspace, output, outputGradient, inputGradients[0]);
            return;
        }

        using var sequences = new NativeSequences(layout);
        Kernels.Check(Kernels.mimir_gru_backward(
            _inputDim, _spec.Cells, in sequences.Value, inputs[0], _values[0], _values[1], _values[2], _values[3], workspace, output,
            outputGradient, inputGradients[0], _gradients[0], _gradients[1], _gradients[2], _gradients[3]));
    }

    public override void Dispose()
    {
        _buffers.Dispose();
        base.Dispose();
    }

    private void ReferenceForward(SequenceLayout layout, Tensor x, Tensor workspace, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        var steps = new PackedSteps(layout, reverse: false);
        var (allGates, allProducts, initial) = Divide(workspace, layout);
        var wR = _values[1].t();
        steps.Load(_buffers.State, initial);
        allGates.copy_(_values[2]);
        allGates.addmm_(x, _values[0].t());
        foreach (var t in steps.InOrder)
        {
            using var step = torch.NewDisposeScope();
            var before = steps.Before(y, initial, t);
            var recurrent = before.mm(wR);
            var (gates, product) = (steps.Of(allGates, t), steps.Of(allProducts, t));
            var (r, z, n) = (Gate(gates, 0), Gate(gates, 1), Gate(gates, 2));
            r.Accumulate(Gate(recurrent, 0)).sigmoid_();
            z.Accumulate(Gate(recurrent, 1)).sigmoid_();
            product.copy_(Gate(recurrent, 2).Plus(_values[3]));
            n.Accumulate(r * product).tanh_();
            steps.Of(y, t).copy_(n.Plus(z * (before - n)));
        }

        steps.Save(y, _buffers.State);
    }

    // The gates in the workspace become their derivatives, and so does what the reset gate scales.
    private void ReferenceBackward(SequenceLayout layout, Tensor x, Tensor workspace, Tensor y, Tensor dy, Tensor? dx)
    {
        using var scope = torch.NewDisposeScope();
        var steps = new PackedSteps(layout, reverse: false);
        var (allGates, allProducts, initial) = Divide(workspace, layout);
        var outputBefore = steps.AllBefore(y, initial);
        foreach (var t in steps.InOrder.Reverse())
        {
            using var step = torch.NewDisposeScope();
            var (gates, product, before, dh) =
                (steps.Of(allGates, t), steps.Of(allProducts, t), steps.Of(outputBefore, t), steps.Of(dy, t));
            var (r, z, n) = (Gate(gates, 0), Gate(gates, 1), Gate(gates, 2));
            var carried = dh * z;
            var dn = dh * z.OneMinus() * (n * n).OneMinus();
            var dz = dh * (before - n) * z * z.OneMinus();
            var dr = dn * product * r * r.OneMinus();
            product.copy_(dn * r);
            r.copy_(dr);
            z.copy_(dz);
            n.copy_(dn);
            if (t == 0)
                continue;

            // The step before gave its output to this step, for the sequences that last as long.
            var down = steps.Of(dy, t - 1).RowRange(0, dh.Rows);
            down.Accumulate(carried);
            down.addmm_(gates.narrow(1, 0, 2 * _spec.Cells), _values[1].RowRange(0, 2 * _spec.Cells));
            down.addmm_(product, _values[1].RowRange(2 * _spec.Cells, _spec.Cells));
        }

        dx?.copy_(allGates.mm(_values[0]));
        _gradients[0].copy_(allGates.t().mm(x));
        _gradients[1].RowRange(0, 2 * _spec.Cells).copy_(allGates.narrow(1, 0, 2 * _spec.Cells).t().mm(outputBefore));
        _gradients[1].RowRange(2 * _spec.Cells, _spec.Cells).copy_(allProducts.t().mm(outputBefore));
        _gradients[2].copy_(allGates.sum(dim: 0));
        _gradients[3].copy_(allProducts.sum(dim: 0));
    }

    // The workspace of the reference: r, z, n, [N, 3C]; Wr_n h(t-1) + b_q, [N, C]; the outputs that sequences start from, [S, C].
    private (Tensor Gates, Tensor Products, Tensor Initial) Divide(Tensor workspace, SequenceLayout layout)
    {
        long own = (long)layout.Rows * _spec.Cells;
        return (workspace.Window(0, layout.Rows, 3 * _spec.Cells), workspace.Window(3 * own, layout.Rows, _spec.Cells),
            workspace.Window(4 * own, layout.Sequences, _spec.Cells));
    }

    private Tensor Gate(Tensor gates, int gate) => gates.narrow(1, (long)gate * _spec.Cells, _spec.Cells);

    private long WorkspaceSize(SequenceLayout sequences)
    {
        var elements = ((4L * sequences.Rows) + sequences.Sequences) * _spec.Cells;
        if (!Kernels.Available)
            return elements;

        Kernels.Check(Kernels.mimir_gru_workspace(sequences.Rows, sequences.Sequences, _spec.Cells, out var ofKernel));
        return Math.Max(elements, ofKernel);
    }

    private ParameterDeclaration Matrix(string name, int rows, int columns) => new(name, [rows, columns])
    {
        RateFactor = _spec.LearnRateCoef,
        DecayFactor = 1,
        GradClip = _spec.GradClip,
    };

    private ParameterDeclaration Vector(string name, int count) =>
        new(name, [count]) { RateFactor = _spec.BiasLearnRateCoef, GradClip = _spec.GradClip };
}
