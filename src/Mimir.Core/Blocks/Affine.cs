using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>An affine transform with a non-linearity: y = activation(W x + b), W <c>[OutputDim, InputDim]</c>.</summary>
/// <remarks>nnet1's AffineTransform with the component after it.</remarks>
public sealed record AffineSpec : BlockSpec
{
    /// <summary>The number of outputs.</summary>
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public required int OutputDim { get; init; }

    /// <summary>The number of inputs that the layer accepts; 0 accepts any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int InputDim { get; init; }

    /// <summary>The non-linearity after the transform.</summary>
    [JsonRequired]
    [Option("activation")]
    public Activation Activation { get; init; }

    /// <summary>The standard deviation of the initial weights, which are normal with mean 0.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>The mean of the initial biases, which are uniform.</summary>
    [JsonRequired]
    public float BiasMean { get; init; } = -2;

    /// <summary>The width of the uniform distribution of the initial biases.</summary>
    [JsonRequired]
    public float BiasRange { get; init; } = 2;

    /// <summary>The factor on the learning rate of the weights.</summary>
    [JsonRequired]
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>The factor on the learning rate of the biases.</summary>
    [JsonRequired]
    [Option("bias-learn-rate-coef", Min = 0)]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>The largest Euclidean norm of the weights of a neuron, which are scaled back to it after a step; 0 is no limit.</summary>
    [JsonRequired]
    [Option("max-norm", Min = 0)]
    public float MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => InputDim;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new AffineBlock(this, inputDim);
}

/// <summary>Computes an <see cref="AffineSpec"/>: one kernel each way, or TorchSharp's products.</summary>
internal sealed class AffineBlock : Block
{
    private readonly AffineSpec _spec;
    private readonly int _inputDim;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;

    public AffineBlock(AffineSpec spec, int inputDim)
        : base(spec.OutputDim)
    {
        if (spec.OutputDim < 1)
            throw new ArgumentException($"an affine block needs at least 1 output, got {spec.OutputDim}");

        (_spec, _inputDim) = (spec, inputDim);
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("weight", [OutputDim, _inputDim]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1, MaxNorm = _spec.MaxNorm },
        new("bias", [OutputDim]) { RateFactor = _spec.BiasLearnRateCoef },
    ];

    public override IReadOnlyList<FactoredParameters> Factored => [new([0, 1], OutputDim, _inputDim + 1) { HasBias = true }];

    public override (Activation Activation, int Units) Nonlinearity => (_spec.Activation, OutputDim);

    public override bool FusesStep => true;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_weight, _bias, _weightGradient, _biasGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
        [Parameters[0].Normal(random, _spec.ParamStddev), Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_affine_forward(
                output.Rows, _inputDim, OutputDim, inputs[0], _weight!, _bias!, (int)_spec.Activation, output));
            return;
        }

        using var transposed = _weight!.t();
        output.copy_(_bias!);
        output.addmm_(inputs[0], transposed, 1, 1);
        Activations.Apply(output, _spec.Activation);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // dz = dy * activation'(y), dx = dz W, dW = dz^T x, db = sum of dz; a fused step writes to the parameters instead.
        var fused = pass.StepRate is not null;
        var (dw, db) = pass.LeavesFactored ? (null, null) : fused ? (_weight, _bias) : (_weightGradient, _biasGradient);
        var activation = Repaired(pass, output, outputGradient);
        var (alpha, biasAlpha) = (pass.GradientScale(_spec.LearnRateCoef), pass.GradientScale(_spec.BiasLearnRateCoef));
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_affine_backward(
                output.Rows, _inputDim, OutputDim, inputs[0], _weight!, output, (int)activation, outputGradient,
                inputGradients[0], dw, db, alpha, biasAlpha, pass.TargetScale));
        }
        else
        {
            Activations.MultiplyDerivative(outputGradient, output, activation);
            inputGradients[0]?.addmm_(outputGradient, _weight!, 0, 1);
            if (dw is null)
                return;

            using var transposed = outputGradient.t();
            using var sums = outputGradient.sum(dim: 0);
            dw.addmm_(transposed, inputs[0], (float)pass.TargetScale, (float)alpha);
            db!.mul_(Scalars.Of(pass.TargetScale));
            db.add_(sums, alpha: Scalars.Of(biasAlpha));
        }

        if (fused && _spec.MaxNorm > 0)
            MaxNorm.Limit(_weight!, _spec.MaxNorm);
    }

    public override IReadOnlyList<GradientFactors> Factors(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient) =>
        [new([inputs[0]], outputGradient)];
}
