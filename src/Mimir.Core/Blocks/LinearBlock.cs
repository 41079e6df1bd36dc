using Mimir.Core.Graph;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs a <see cref="LinearSpec"/>.</summary>
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

        _spec = spec;
        _inputDim = inputDim;
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

    public override bool FusesStep => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type) =>
        (_weight, _gradient) = (values[0], gradients[0]);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => [Parameters[0].Normal(random, _spec.ParamStddev)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        output.AddProduct(inputs[0], false, _weight!, true, beta: 0);

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        inputGradients[0]?.AddProduct(outputGradient, false, _weight!, false, beta: 0);
        if (pass.StepRate is { } rate)
            _weight!.AddProduct(outputGradient, true, inputs[0], false, alpha: -rate * _spec.LearnRateCoef);
        else
            _gradient!.AddProduct(outputGradient, true, inputs[0], false, beta: 0);
    }
}
