using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="SpliceSpec"/>: gathers the batch from the resident table.</summary>
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

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_splice(
            pass.Table.Values.Handle, pass.Table.First.Handle, pass.Table.Last.Handle, pass.Rows, pass.Rows.Length,
            _offsets, _offsets.Length, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Features do not learn.
    }
}
