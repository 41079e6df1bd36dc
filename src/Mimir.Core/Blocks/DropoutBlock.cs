using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="DropoutSpec"/>. The mask follows from the pass' key, so backward makes it again.</summary>
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

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (pass.Mode == PassMode.Train && _rate > 0)
            LibTorch.Check(LibTorch.mimir_dropout(inputs[0].Handle, _rate, pass.Key, output.Handle));
        else
            output.CopyFrom(inputs[0]);
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is { } target)
            Forward(pass, [outputGradient], target);
    }
}
