using Mimir.Core.Batches;
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
    private Tensor? _columns;

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

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        _columns = Tensor.Indices(device, _indices);

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        using var copied = inputs[0].index_select(1, _columns!);
        output.copy_(copied);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Each input receives the sum over the outputs that copy it.
        if (inputGradients[0] is { } gradient)
        {
            gradient.fill_(Scalars.Of(0));
            gradient.index_add_(1, _columns!, outputGradient, Scalars.Of(1));
        }
    }

    public override void Dispose()
    {
        _columns?.Dispose();
        base.Dispose();
    }
}
