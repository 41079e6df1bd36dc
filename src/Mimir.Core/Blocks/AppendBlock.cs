using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="AppendSpec"/>.</summary>
/// <param name="outputDim">The sum of the inputs' dimensions.</param>
internal sealed class AppendBlock(int outputDim) : Block(outputDim)
{
    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var column = 0;
        foreach (var input in inputs)
        {
            output.CopyColumnsFrom(input, 0, column, input.Columns);
            column += input.Columns;
        }
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var column = 0;
        for (var i = 0; i < inputs.Count; i++)
        {
            inputGradients[i]?.CopyColumnsFrom(outputGradient, column, 0, inputs[i].Columns);
            column += inputs[i].Columns;
        }
    }
}
