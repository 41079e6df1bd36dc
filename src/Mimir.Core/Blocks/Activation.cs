using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>A non-linearity, alone or fused into an affine block. The numbers are those of the native interface.</summary>
public enum Activation
{
    /// <summary>y = z.</summary>
    None = 0,

    /// <summary>y = 1 / (1 + e^-z).</summary>
    Sigmoid = 1,

    /// <summary>y = tanh z.</summary>
    Tanh = 2,

    /// <summary>y = max(z, 0).</summary>
    Relu = 3,
}

/// <summary>A non-linearity that no affine transform comes right before: y = activation(x).</summary>
/// <param name="Activation">The non-linearity.</param>
public sealed record ActivationSpec(Activation Activation) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ActivationBlock(Activation, inputDim);
}

/// <summary>Computes an <see cref="ActivationSpec"/>.</summary>
internal sealed class ActivationBlock(Activation activation, int inputDim) : Block(inputDim)
{
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_activation(inputs[0].Handle, (int)activation, output.Handle));

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dx = dy * activation'(y)
        if (inputGradients[0] is { } dx)
            LibTorch.Check(LibTorch.mimir_activation_backward(output.Handle, (int)activation, outputGradient.Handle, dx.Handle));
    }
}
