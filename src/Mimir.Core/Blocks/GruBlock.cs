using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="GruSpec"/>: all steps in one native call each way.</summary>
internal sealed class GruBlock : Block
{
    private readonly GruSpec _spec;
    private readonly int _inputDim;
    private readonly RecurrentMemory _memory;
    private IReadOnlyList<Tensor> _values = [], _gradients = [];

    public GruBlock(GruSpec spec, int inputDim)
        : base(spec.Cells)
    {
        if (spec.Cells < 1)
            throw new ArgumentException($"a recurrent layer needs at least 1 cell, got {spec.Cells}");
        if (!(spec.GradClip >= 0))
            throw new ArgumentException("the clipping of a recurrent layer must not be negative; 0 is none");

        (_spec, _inputDim, _memory) = (spec, inputDim, new(stateDim: spec.Cells, WorkspaceOf));
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        Matrix("w-x", 3 * _spec.Cells, _inputDim), Matrix("w-r", 3 * _spec.Cells, _spec.Cells),
        Vector("bias", 3 * _spec.Cells), Vector("bias-q", _spec.Cells),
    ];

    public override bool NeedsSequences => true;

    public override Tensor? State => _memory.State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
        (_values, _gradients) = (values, gradients);
        _memory.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _memory.ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random)
    {
        var range = _spec.ParamRange ?? 1 / Math.Sqrt(_spec.Cells);
        return [.. Parameters.Select(parameter => parameter.Uniform(random, 0, 2 * range))];
    }

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var layout = pass.NeededSequences;
        using var state = new Optional(_memory.State);
        using var packed = new PackedSequences(layout);
        LibTorch.Check(LibTorch.mimir_gru_forward(
            in packed.Native, inputs[0].Handle, _values[0].Handle, _values[1].Handle, _values[2].Handle, _values[3].Handle,
            state.Address, _memory.WorkspaceFor(layout).Handle, output.Handle));
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var layout = pass.NeededSequences;
        using var dx = new Optional(inputGradients[0]);
        using var packed = new PackedSequences(layout);
        LibTorch.Check(LibTorch.mimir_gru_backward(
            in packed.Native, inputs[0].Handle, _values[0].Handle, _values[1].Handle, _values[2].Handle, _values[3].Handle,
            _memory.WorkspaceFor(layout).Handle, output.Handle, outputGradient.Handle, dx.Address, _gradients[0].Handle,
            _gradients[1].Handle, _gradients[2].Handle, _gradients[3].Handle));
    }

    public override void Dispose()
    {
        _memory.Dispose();
        base.Dispose();
    }

    private long WorkspaceOf(SequenceLayout sequences)
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
