using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="CopySpec"/>.</summary>
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

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_copy_columns(inputs[0].Handle, _indices, _indices.Length, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is { } target)
            LibTorch.Check(LibTorch.mimir_copy_columns_backward(outputGradient.Handle, _indices, _indices.Length, target.Handle));
    }
}
