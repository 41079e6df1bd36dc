using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

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

/// <summary>Computes a <see cref="GruSpec"/>: all steps in one native call each way.</summary>
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
        using var state = new OptionalHandle(_buffers.State?.Handle);
        using var sequences = new NativeSequences(layout);
        LibTorch.Check(LibTorch.mimir_gru_forward(
            in sequences.Value, inputs[0].Handle, _values[0].Handle, _values[1].Handle, _values[2].Handle, _values[3].Handle,
            state.Address, _buffers.WorkspaceFor(layout).Handle, output.Handle));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // From the last step back, with gates and candidates from the workspace. The optimiser applies grad-clip.
        var layout = pass.RequiredSequences;
        using var dx = new OptionalHandle(inputGradients[0]?.Handle);
        using var sequences = new NativeSequences(layout);
        LibTorch.Check(LibTorch.mimir_gru_backward(
            in sequences.Value, inputs[0].Handle, _values[0].Handle, _values[1].Handle, _values[2].Handle, _values[3].Handle,
            _buffers.WorkspaceFor(layout).Handle, output.Handle, outputGradient.Handle, dx.Address, _gradients[0].Handle,
            _gradients[1].Handle, _gradients[2].Handle, _gradients[3].Handle));
    }

    public override void Dispose()
    {
        _buffers.Dispose();
        base.Dispose();
    }

    private long WorkspaceSize(SequenceLayout sequences)
    {
        LibTorch.Check(LibTorch.mimir_gru_workspace(sequences.Rows, sequences.Sequences, _spec.Cells, out var elements));
        return elements;
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
