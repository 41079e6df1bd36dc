using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="AddShiftSpec"/> or a <see cref="RescaleSpec"/>.</summary>
internal sealed class ConstantBlock(IReadOnlyList<float> constants, bool isScale) : Block(constants.Count)
{
    private Tensor? _constants;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        _constants = Tensor.From(device, constants.ToArray(), [constants.Count], type);

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => Apply(inputs[0], output);

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (inputGradients[0] is not { } target)
            return;

        if (isScale)
            Apply(outputGradient, target);
        else
            target.CopyFrom(outputGradient);
    }

    public override void Dispose()
    {
        _constants?.Dispose();
        base.Dispose();
    }

    private void Apply(Tensor from, Tensor to)
    {
        using var shift = new Optional(isScale ? null : _constants);
        using var scale = new Optional(isScale ? _constants : null);
        LibTorch.Check(LibTorch.mimir_shift_or_scale(from.Handle, shift.Address, scale.Address, to.Handle));
    }
}
