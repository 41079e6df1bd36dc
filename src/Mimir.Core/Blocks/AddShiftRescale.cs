using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Adds a constant to each dimension: y = x + shift, nnet1's AddShift.</summary>
/// <param name="Shift">One number a dimension.</param>
public sealed record AddShiftSpec(IReadOnlyList<float> Shift) : BlockSpec
{
    /// <summary>The factor on the learning rate; 0 keeps the values as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float LearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => Shift.Count;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConstantBlock(Shift, isScale: false, LearnRateCoef);
}

/// <summary>Multiplies each dimension by a constant: y = x * scale, nnet1's Rescale.</summary>
/// <param name="Scale">One number a dimension.</param>
public sealed record RescaleSpec(IReadOnlyList<float> Scale) : BlockSpec
{
    /// <summary>The factor on the learning rate; 0 keeps the values as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float LearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => Scale.Count;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConstantBlock(Scale, isScale: true, LearnRateCoef);
}

/// <summary>
/// Computes an <see cref="AddShiftSpec"/> or a <see cref="RescaleSpec"/>; with a learning rate the constants are parameters.
/// </summary>
internal sealed class ConstantBlock(IReadOnlyList<float> constants, bool isScale, float learnRateCoef) : Block(constants.Count)
{
    private Tensor? _constants, _gradient;

    // nnet1 moves them without momentum and decay.
    public override IReadOnlyList<ParameterDeclaration> Parameters => learnRateCoef == 0
        ? []
        : [new(isScale ? "scale" : "shift", [OutputDim]) { RateFactor = learnRateCoef, MomentumFactor = 0 }];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_constants, _gradient) = learnRateCoef == 0
            ? (Tensor.From(device, constants.ToArray(), [constants.Count], type), null)
            : (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => learnRateCoef == 0 ? [] : [[.. constants]];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => Apply(inputs[0], output);

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dshift = sum over the batch of dy, dscale = sum of dy x.
        if (_gradient is not null)
            _gradient.SetColumnSums(outputGradient, isScale ? inputs[0] : null);

        if (inputGradients[0] is not { } dx)
            return;

        if (isScale)
            Apply(outputGradient, dx);
        else
            dx.copy_(outputGradient);
    }

    public override void Dispose()
    {
        // A parameter belongs to the store.
        if (_gradient is null)
            _constants?.Dispose();

        base.Dispose();
    }

    private void Apply(Tensor from, Tensor to)
    {
        to.copy_(from);
        if (isScale)
            to.mul_(_constants!);
        else
            to.Accumulate(_constants!);
    }
}
