using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="MemorySpec"/>.</summary>
internal sealed class MemoryBlock : Block
{
    private const int Nothing = -1;
    private readonly MemorySpec _spec;
    private Tensor? _weight, _gradient;
    private SequenceLayout? _sequences;
    private int[] _rows = [];

    public MemoryBlock(MemorySpec spec, int inputDim)
        : base(inputDim)
    {
        if (spec.Left < 0 || spec.Right < 0 || spec.LeftStride < 1 || spec.RightStride < 1)
            throw new ArgumentException(
                $"a memory needs frames from 0 and strides from 1, got {spec.Left} and {spec.Right} with strides {spec.LeftStride} and {spec.RightStride}");

        _spec = spec;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
        [new("weight", [_spec.Left + 1 + _spec.Right, OutputDim]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1 }];

    public override bool NeedsSequences => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_weight, _gradient) = (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => [Parameters[0].Normal(random, _spec.ParamStddev)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_memory_forward(inputs[0].Handle, RowsOf(pass), _weight!.Handle, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var dx = new Optional(inputGradients[0]);
        LibTorch.Check(LibTorch.mimir_memory_backward(
            inputs[0].Handle, RowsOf(pass), _weight!.Handle, outputGradient.Handle, dx.Address, _gradient!.Handle));
    }

    private int[] RowsOf(in BlockPass pass)
    {
        var sequences = pass.NeededSequences;
        if (ReferenceEquals(sequences, _sequences))
            return _rows;

        var taps = Enumerable.Range(0, _spec.Left + 1).Select(i => -i * _spec.LeftStride)
            .Concat(Enumerable.Range(1, _spec.Right).Select(j => j * _spec.RightStride));
        (_rows, _sequences) = ([.. taps.SelectMany(offset => Shifted(sequences, offset))], sequences);
        return _rows;
    }

    private static int[] Shifted(SequenceLayout sequences, int offset)
    {
        var rows = new int[sequences.Rows];
        for (var s = 0; s < sequences.Sequences; s++)
        {
            var length = sequences.Lengths[s];
            for (var t = 0; t < length; t++)
            {
                var there = t + offset;
                rows[sequences.RowOf(s, t)] = there >= 0 && there < length ? sequences.RowOf(s, there) : Nothing;
            }
        }

        return rows;
    }
}
