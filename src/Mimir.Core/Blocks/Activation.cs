using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

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
    public override (Activation Activation, int Units) Nonlinearity => (activation, OutputDim);

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        output.copy_(inputs[0]);
        Activations.Apply(output, activation);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dx = dy * activation'(y)
        if (inputGradients[0] is not { } dx)
            return;
        dx.copy_(outputGradient);
        Activations.MultiplyDerivative(dx, output, Repaired(pass, output, dx));
    }
}

/// <summary>Non-linearities and their derivatives with TorchSharp's operations, in place.</summary>
internal static class Activations
{
    /// <summary>y = activation(y).</summary>
    public static void Apply(Tensor y, Activation activation)
    {
        switch (activation)
        {
            case Activation.Sigmoid:
                y.sigmoid_();
                break;
            case Activation.Tanh:
                y.tanh_();
                break;
            case Activation.Relu:
                y.clamp_min_(Scalars.Of(0));
                break;
        }
    }

    /// <summary>dy = dy * activation'(z), the derivative in terms of the output y = activation(z).</summary>
    public static void MultiplyDerivative(Tensor dy, Tensor y, Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        switch (activation)
        {
            case Activation.Sigmoid:
                dy.mul_(y * y.OneMinus());
                break;
            case Activation.Tanh:
                dy.mul_((y * y).OneMinus());
                break;
            case Activation.Relu:
                dy.mul_(y > Scalars.Of(0));
                break;
        }
    }
}
