using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>
/// The memory of a DFSMN layer: y(t) = x(t) + sum over i of a(i) x(t - LeftStride i), i = 0 … Left, + sum over j of
/// c(j) x(t + RightStride j), j = 1 … Right, with weights of their own for each dimension. It needs sequences.
/// </summary>
/// <remarks>
/// S. Zhang et al.: Deep-FSMN for large vocabulary continuous speech recognition, 2018, equation 8 without the skip
/// connection, which a <see cref="SumSpec"/> makes. Frames beyond the ends of a sequence count as zeros. The weights are
/// <c>[Left + 1 + Right, D]</c>: a(0) … a(Left), c(1) … c(Right).
/// </remarks>
public sealed record DfsmnMemorySpec : BlockSpec
{
    /// <summary>The number of earlier frames in the memory.</summary>
    [JsonRequired]
    [Option("left", Min = 0, Max = 1000)]
    public int Left { get; init; } = 20;

    /// <summary>The number of later frames in the memory.</summary>
    [JsonRequired]
    [Option("right", Min = 0, Max = 1000)]
    public int Right { get; init; } = 20;

    /// <summary>The distance in frames between the earlier frames of the memory.</summary>
    [JsonRequired]
    [Option("left-stride", Min = 1, Max = 1000)]
    public int LeftStride { get; init; } = 1;

    /// <summary>The distance in frames between the later frames of the memory.</summary>
    [JsonRequired]
    [Option("right-stride", Min = 1, Max = 1000)]
    public int RightStride { get; init; } = 1;

    /// <summary>The standard deviation of the initial weights, which are normal with mean 0.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>The factor on the learning rate.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new DfsmnMemoryBlock(this, inputDim);
}

/// <summary>Computes a <see cref="DfsmnMemorySpec"/> with one call of a kernel each way.</summary>
internal sealed class DfsmnMemoryBlock : Block
{
    // The row number that counts as zeros.
    private const int NoRow = -1;
    private readonly DfsmnMemorySpec _spec;
    private Tensor? _weight, _gradient;
    private SequenceLayout? _sequences;
    private int[] _rows = [];

    public DfsmnMemoryBlock(DfsmnMemorySpec spec, int inputDim)
        : base(inputDim)
    {
        if (spec.Left < 0 || spec.Right < 0 || spec.LeftStride < 1 || spec.RightStride < 1)
        {
            throw new ArgumentException(
                $"a memory needs frames from 0 and strides from 1, got {spec.Left} and {spec.Right} "
                + $"with strides {spec.LeftStride} and {spec.RightStride}");
        }

        _spec = spec;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
        [new("weight", [Taps, OutputDim]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1 }];

    public override bool NeedsSequences => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_weight, _gradient) = (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => [Parameters[0].Normal(random, _spec.ParamStddev)];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var rows = RowsOf(pass);
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_memory_forward(output.Rows, OutputDim, Taps, inputs[0], rows, _weight, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var frames = WithZeros(inputs[0]);
        output.copy_(inputs[0]);
        for (var k = 0; k < Taps; k++)
        {
            using var tap = torch.NewDisposeScope();
            output.addcmul_(frames.index_select(0, TapRows(rows, k, output)), _weight!.RowRange(k, 1), Scalars.Of(1));
        }
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var rows = RowsOf(pass);
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_memory_backward(
                output.Rows, OutputDim, Taps, inputs[0], rows, _weight, outputGradient, inputGradients[0], _gradient));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var (frames, dFrames) = (WithZeros(inputs[0]), WithZeros(outputGradient));
        for (var k = 0; k < Taps; k++)
        {
            using var tap = torch.NewDisposeScope();
            var taken = TapRows(rows, k, output);
            _gradient!.select(0, k).copy_((outputGradient * frames.index_select(0, taken)).sum(dim: 0));
            if (inputGradients[0] is not null)
                RowMoves.Add(outputGradient * _weight!.RowRange(k, 1), taken, dFrames);
        }

        inputGradients[0]?.copy_(dFrames.RowRange(0, output.Rows));
    }

    private int Taps => _spec.Left + 1 + _spec.Right;

    // Frames, and a row of zeros that stands for what is beyond the ends.
    private static Tensor WithZeros(Tensor frames) => torch.nn.functional.pad(frames, [0, 0, 0, 1]);

    private static Tensor TapRows(int[] rows, int tap, Tensor frames)
    {
        var taken = rows[(tap * frames.Rows)..((tap + 1) * frames.Rows)];
        return Tensor.Indices(Device.Of(frames), Array.ConvertAll(taken, row => row == NoRow ? frames.Rows : row));
    }

    // For each tap in turn the row of each frame of the batch; the backward pass has the layout of the forward pass before it.
    private int[] RowsOf(in BatchPass pass)
    {
        var sequences = pass.RequiredSequences;
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
                var from = t + offset;
                rows[sequences.RowOf(s, t)] = from >= 0 && from < length ? sequences.RowOf(s, from) : NoRow;
            }
        }

        return rows;
    }
}
