using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Dropout: in training each value becomes 0 with a probability, and the others are scaled up so that the mean stays.</summary>
/// <remarks>As nnet1's Dropout: y = x / (1 - rate) where a value stays. Evaluation passes the values through.</remarks>
/// <param name="Rate">The share of values that is set to zero.</param>
public sealed record DropoutSpec(
    [property: JsonRequired, Option("rate", Min = 0, Max = 1, MaxExcluded = true)] float Rate = 0.2f) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new DropoutBlock(Rate, inputDim);
}

/// <summary>Computes a <see cref="DropoutSpec"/>. The mask is a function of the key of the pass, so Backward draws it again.</summary>
internal sealed class DropoutBlock : Block
{
    private readonly float _rate;

    public DropoutBlock(float rate, int inputDim)
        : base(inputDim)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentException($"a dropout rate is in [0, 1), got {rate}");

        _rate = rate;
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (pass.Mode == PassMode.Train && _rate > 0)
            LibTorch.Check(LibTorch.mimir_dropout(inputs[0].Handle, _rate, pass.Key, output.Handle));
        else
            output.CopyFrom(inputs[0]);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // The same mask and scale on the gradient.
        if (inputGradients[0] is { } dx)
            Forward(pass, [outputGradient], dx);
    }
}
