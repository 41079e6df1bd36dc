using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Lays frames at several offsets side by side: Kaldi's Splice. Takes the input of the graph only.</summary>
/// <param name="Offsets">In frames, in the order of the output; the ends of an utterance repeat. <c>[0]</c> takes the frame alone.</param>
public sealed record SpliceSpec(IReadOnlyList<int> Offsets) : BlockSpec
{
    /// <inheritdoc/>
    internal override bool ReadsFrames => true;

    /// <summary>A splice of all frames from <paramref name="left"/> before to <paramref name="right"/> after.</summary>
    /// <param name="left">Frames before, at least 0.</param>
    /// <param name="right">Frames after, at least 0.</param>
    public static SpliceSpec Context(int left, int right) => new([.. Enumerable.Range(-left, left + 1 + right)]);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SpliceBlock(inputDim, Offsets);
}

/// <summary>Computes a <see cref="SpliceSpec"/>: gathers the batch from the frame table.</summary>
internal sealed class SpliceBlock : Block
{
    private readonly int[] _offsets;

    public SpliceBlock(int inputDim, IReadOnlyList<int> offsets)
        : base(inputDim * offsets.Count)
    {
        if (offsets.Count == 0)
            throw new ArgumentException("a splice needs at least one offset");

        _offsets = [.. offsets];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var table = pass.Table;
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_splice(
                table.Frames, table.Dim, table.Values, table.First, table.Last, pass.Rows, pass.Rows.Length, _offsets, _offsets.Length,
                output));
            return;
        }

        table.CheckRows(pass.Rows);
        using var scope = torch.NewDisposeScope();
        var rows = Tensor.Indices(table.Device, pass.Rows);
        var moved = rows.unsqueeze(1).Plus(Tensor.Indices(table.Device, _offsets).unsqueeze(0));
        var (first, last) = (table.First.index_select(0, rows), table.Last.index_select(0, rows));
        var kept = moved.maximum(first.unsqueeze(1)).minimum(last.unsqueeze(1));
        output.copy_(table.Values.index_select(0, kept.view(-1)).view(output.shape));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Features are not trained.
    }
}
