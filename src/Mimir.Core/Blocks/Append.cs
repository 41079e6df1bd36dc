using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Several inputs side by side, in the order of their names.</summary>
public sealed record AppendSpec : BlockSpec
{
    /// <inheritdoc/>
    public override bool AcceptsManyInputs() => true;

    /// <inheritdoc/>
    internal override bool TakesAnyDimensions => true;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new AppendBlock(inputDim);
}

/// <summary>Computes an <see cref="AppendSpec"/>.</summary>
/// <param name="outputDim">The sum of the dimensions of the inputs.</param>
internal sealed class AppendBlock(int outputDim) : Block(outputDim)
{
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var column = 0;
        foreach (var input in inputs)
        {
            output.CopyColumnsFrom(input, 0, column, input.Columns);
            column += input.Columns;
        }
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var column = 0;
        for (var i = 0; i < inputs.Count; i++)
        {
            inputGradients[i]?.CopyColumnsFrom(outputGradient, column, 0, inputs[i].Columns);
            column += inputs[i].Columns;
        }
    }
}
