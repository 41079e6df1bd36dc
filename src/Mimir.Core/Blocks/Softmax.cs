using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>The softmax y = e^x / sum of e^x. As the last node it is left to the loss, which takes the values before it.</summary>
public sealed record SoftmaxSpec : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SoftmaxBlock(inputDim);
}

/// <summary>Computes a <see cref="SoftmaxSpec"/> that is not the last node.</summary>
internal sealed class SoftmaxBlock(int inputDim) : Block(inputDim)
{
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => inputs[0].SoftmaxInto(output);

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dx = y (dy - sum of dy y)
        if (inputGradients[0] is not { } dx)
            return;
        using var scope = torch.NewDisposeScope();
        dx.copy_(output * (outputGradient - (outputGradient * output).sum(1, keepdim: true)));
    }
}
