using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Rearranges, repeats or leaves out dimensions: y[i] = x[Indices[i]], nnet1's Copy.</summary>
/// <param name="Indices">The input of each output, from 0.</param>
public sealed record CopySpec(IReadOnlyList<int> Indices) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new CopyBlock(inputDim, Indices);
}

/// <summary>Computes a <see cref="CopySpec"/>.</summary>
internal sealed class CopyBlock : Block
{
    private readonly int[] _indices;

    public CopyBlock(int inputDim, IReadOnlyList<int> indices)
        : base(indices.Count)
    {
        if (indices.Count == 0)
            throw new ArgumentException("a copy needs at least one index");
        foreach (var index in indices)
        {
            if (index < 0 || index >= inputDim)
                throw new ArgumentException($"a copy of {inputDim} values has no value {index}");
        }

        _indices = [.. indices];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_copy_columns(inputs[0].Handle, _indices, _indices.Length, output.Handle));

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Each input receives the sum over the outputs that copy it.
        if (inputGradients[0] is { } dx)
            LibTorch.Check(LibTorch.mimir_copy_columns_backward(outputGradient.Handle, _indices, _indices.Length, dx.Handle));
    }
}
