using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="ActivationSpec"/>.</summary>
internal sealed class ActivationBlock(Activation activation, int inputDim) : Block(inputDim)
{
    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_activation(inputs[0].Handle, (int)activation, output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is { } target)
            LibTorch.Check(LibTorch.mimir_activation_backward(
                output.Handle, (int)activation, outputGradient.Handle, target.Handle));
    }
}
