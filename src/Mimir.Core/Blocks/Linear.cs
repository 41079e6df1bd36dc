using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>A linear transform, y = W x, W <c>[OutputDim, InputDim]</c>: nnet1's LinearTransform.</summary>
/// <param name="OutputDim">The number of outputs.</param>
public sealed record LinearSpec(int OutputDim) : BlockSpec
{
    /// <summary>The standard deviation of the initial weights, normal with mean 0.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>The factor on the learning rate.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LinearBlock(this, inputDim);
}

/// <summary>Computes a <see cref="LinearSpec"/>.</summary>
internal sealed class LinearBlock : Block
{
    private readonly LinearSpec _spec;
    private readonly int _inputDim;
    private Tensor? _weight, _gradient;

    public LinearBlock(LinearSpec spec, int inputDim)
        : base(spec.OutputDim)
    {
        if (spec.OutputDim < 1)
            throw new ArgumentException($"a linear block needs at least 1 output, got {spec.OutputDim}");

        (_spec, _inputDim) = (spec, inputDim);
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        // nnet1 decays it by the plain learning rate, whatever its own factor is.
        new("weight", [OutputDim, _inputDim])
        {
            RateFactor = _spec.LearnRateCoef,
            DecayFactor = _spec.LearnRateCoef == 0 ? 0 : 1 / _spec.LearnRateCoef,
        },
    ];

    public override IReadOnlyList<FactoredParameters> Factored => [new([0], OutputDim, _inputDim)];

    public override bool FusesStep => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_weight, _gradient) = (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => [Parameters[0].Normal(random, _spec.ParamStddev)];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        output.AddProduct(inputs[0], false, _weight!, true, beta: 0);

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dx = dy W, before a fused step changes W; then dW = dy^T x.
        inputGradients[0]?.AddProduct(outputGradient, false, _weight!, false, beta: 0);
        if (pass.LeavesFactored)
            return;

        var target = pass.StepRate is null ? _gradient! : _weight!;
        target.AddProduct(
            outputGradient, true, inputs[0], false, alpha: pass.GradientScale(_spec.LearnRateCoef), beta: pass.TargetScale);
    }

    public override IReadOnlyList<GradientFactors> Factors(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient) =>
        [new([inputs[0]], outputGradient)];
}
