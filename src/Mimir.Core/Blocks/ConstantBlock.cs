using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="AddShiftSpec"/> or a <see cref="RescaleSpec"/>; with a learning rate, the values are parameters.</summary>
internal sealed class ConstantBlock(IReadOnlyList<float> constants, bool isScale, float learnRateCoef) : Block(constants.Count)
{
    private Tensor? _constants, _gradient;

    public override IReadOnlyList<ParameterDeclaration> Parameters => learnRateCoef == 0
        ? []
        : [new(isScale ? "scale" : "shift", [OutputDim]) { RateFactor = learnRateCoef, MomentumFactor = 0 }];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_constants, _gradient) = learnRateCoef == 0
            ? (Tensor.From(device, constants.ToArray(), [constants.Count], type), null)
            : (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => learnRateCoef == 0 ? [] : [[.. constants]];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => Apply(inputs[0], output);

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        if (_gradient is not null)
        {
            using var input = new Optional(isScale ? inputs[0] : null);
            LibTorch.Check(LibTorch.mimir_column_sums(outputGradient.Handle, input.Address, _gradient.Handle));
        }

        if (inputGradients[0] is not { } target)
            return;

        if (isScale)
            Apply(outputGradient, target);
        else
            target.CopyFrom(outputGradient);
    }

    public override void Dispose()
    {
        // As a parameter it belongs to the store.
        if (_gradient is null)
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
