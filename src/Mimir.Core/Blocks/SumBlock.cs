using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="SumSpec"/>.</summary>
internal sealed class SumBlock(int inputDim) : Block(inputDim)
{
    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        output.CopyFrom(inputs[0]);
        for (var i = 1; i < inputs.Count; i++)
            output.Add(inputs[i]);
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        foreach (var target in inputGradients)
            target?.CopyFrom(outputGradient);
    }
}
