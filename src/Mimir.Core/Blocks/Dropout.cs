using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

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
    private float _rate;

    public DropoutBlock(float rate, int inputDim)
        : base(inputDim)
    {
        if (!(rate >= 0 && rate < 1))
            throw new ArgumentException($"a dropout rate is in [0, 1), got {rate}");

        _rate = rate;
    }

    public override bool HasDropout => true;

    public override void SetDropout(double rate) => _rate = (float)rate;

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (pass.Mode != PassMode.Train || _rate == 0)
            output.copy_(inputs[0]);
        else if (Kernels.Take(output))
            Kernels.Check(Kernels.mimir_dropout(output.Count, inputs[0], _rate, pass.Key, output));
        else
            ReferenceForward(inputs[0], pass.Key, output);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // The same mask and scale on the gradient.
        if (inputGradients[0] is { } dx)
            Forward(pass, [outputGradient], dx);
    }

    // An element stays where the upper 24 bits of a hash of key and place reach the rate; 64-bit arithmetic on every device.
    private void ReferenceForward(Tensor x, ulong key, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        var place = Tensor.Range(x.Count, x.device);
        var inner = Mix(place.bitwise_xor(torch.tensor((long)(uint)key, device: x.device)));
        var sum = inner.add(Scalars.Of((long)(key >> 32)), Scalars.Of(1L));
        var hash = Mix(sum.bitwise_and(torch.tensor((long)uint.MaxValue, device: x.device)));
        var least = Math.Round(_rate * (1 << 24), MidpointRounding.AwayFromZero);
        var keep = hash.bitwise_right_shift(torch.tensor(8L, device: x.device)) >= Scalars.Of(least);
        y.copy_(x * keep.view(x.shape) / Scalars.Of(1 - (double)_rate));
    }

    // The 32-bit hash of the kernel: shifts and multiplications by two odd numbers.
    private static Tensor Mix(Tensor x)
    {
        Tensor Fixed(long value) => torch.tensor(value, device: x.device);
        x = x.bitwise_xor(x.bitwise_right_shift(Fixed(16)));
        x = (x * Fixed(0x7feb352d)).bitwise_and(Fixed(uint.MaxValue));
        x = x.bitwise_xor(x.bitwise_right_shift(Fixed(15)));
        x = (x * Fixed(0x846ca68b)).bitwise_and(Fixed(uint.MaxValue));
        return x.bitwise_xor(x.bitwise_right_shift(Fixed(16)));
    }
}
