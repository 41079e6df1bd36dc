using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="SoftmaxSpec"/> that is not the last node.</summary>
internal sealed class SoftmaxBlock(int inputDim) : Block(inputDim)
{
    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => inputs[0].SoftmaxInto(output);

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is { } target)
            LibTorch.Check(LibTorch.mimir_softmax_backward(output.Handle, outputGradient.Handle, target.Handle));
    }
}
