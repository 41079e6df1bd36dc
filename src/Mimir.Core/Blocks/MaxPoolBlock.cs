using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="MaxPoolSpec"/>. Backward looks for the greatest values again.</summary>
internal sealed class MaxPoolBlock : Block
{
    private readonly PictureRows _rows;
    private readonly LibTorch.Picture _picture;

    public MaxPoolBlock(MaxPoolSpec spec, int inputDim)
        : base(spec.OutputHeight * (inputDim / Math.Max(1, spec.Height)))
    {
        _rows = new PictureRows(inputDim, spec.Height, spec.TimeOffsets, spec.KernelHeight, spec.Stride, padding: 0);
        _picture = _rows.Picture;
    }

    public override bool NeedsSequences => _rows.NeedsSequences;

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_max_pool_forward(in _picture, inputs[0].Handle, _rows.Of(pass), output.Handle));

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is { } target)
            LibTorch.Check(LibTorch.mimir_max_pool_backward(
                in _picture, inputs[0].Handle, _rows.Of(pass), outputGradient.Handle, target.Handle));
    }
}
