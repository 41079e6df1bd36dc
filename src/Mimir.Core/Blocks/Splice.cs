using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

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

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_splice(
            pass.Table.Values.Handle, pass.Table.First.Handle, pass.Table.Last.Handle, pass.Rows, pass.Rows.Length,
            _offsets, _offsets.Length, output.Handle));

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Features are not trained.
    }
}
