using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Batch normalisation: each dimension to mean 0 and variance 1 over the batch, then a learnt scale and shift.</summary>
/// <remarks>
/// S. Ioffe, C. Szegedy: Batch normalization, 2015. The variance is that of the population, in the batch and in the running
/// average, so that a batch of one frame is defined. Running averages are parameters that no gradient moves.
/// </remarks>
public sealed record BatchNormSpec : BlockSpec
{
    /// <summary>The number that is added to the variance.</summary>
    [JsonRequired]
    [Option("epsilon", Min = 0, MinExcluded = true)]
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>The weight of a new minibatch in the running statistics.</summary>
    [JsonRequired]
    [Option("momentum", Min = 0, Max = 1)]
    public float Momentum { get; init; } = 0.1f;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new BatchNormBlock(this, inputDim);
}

/// <summary>Computes a <see cref="BatchNormSpec"/>.</summary>
internal sealed class BatchNormBlock : Block
{
    private readonly BatchNormSpec _spec;
    private Tensor? _gamma, _beta, _mean, _variance, _gammaGradient, _betaGradient;

    // Mean and 1 / standard deviation of the batch, [2, D], for the backward pass.
    private Tensor? _batchStatistics;

    public BatchNormBlock(BatchNormSpec spec, int inputDim)
        : base(inputDim)
    {
        if (!(spec.Momentum > 0 && spec.Momentum <= 1 && spec.Epsilon > 0))
        {
            throw new ArgumentException(
                $"batch normalisation needs a momentum in (0, 1] and an epsilon above 0, got {spec.Momentum} and {spec.Epsilon}");
        }

        _spec = spec;
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("gamma", [OutputDim]),
        new("beta", [OutputDim]),
        new("running-mean", [OutputDim]) { IsTrained = false },
        new("running-variance", [OutputDim]) { IsTrained = false },
    ];

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        (_gamma, _beta, _mean, _variance) = (values[0], values[1], values[2], values[3]);
        (_gammaGradient, _betaGradient) = (gradients[0], gradients[1]);
        _batchStatistics = Tensor.Zeros(device, [2, OutputDim], type);
    }

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
        [Parameters[0].Constant(1), Parameters[1].Constant(0), Parameters[2].Constant(0), Parameters[3].Constant(1)];

    // Training normalises by the batch and moves the running averages by the momentum; evaluation normalises by these.
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var training = pass.Mode == PassMode.Train;
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_batch_norm_forward(
                output.Rows, OutputDim, inputs[0], _gamma!, _beta!, _mean!, _variance!, training ? 1 : 0, _spec.Momentum,
                _spec.Epsilon, _batchStatistics!, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var (x, mean, variance) = (inputs[0], _mean!, _variance!);
        if (training)
        {
            mean = x.mean([0]);
            variance = (x - mean).Squared().mean([0]);
            _mean!.mul_(Scalars.Of(1 - _spec.Momentum)).add_(mean, alpha: Scalars.Of(_spec.Momentum));
            _variance!.mul_(Scalars.Of(1 - _spec.Momentum)).add_(variance, alpha: Scalars.Of(_spec.Momentum));
        }

        var inverse = variance.Plus(_spec.Epsilon).rsqrt_();
        _batchStatistics!.select(0, 0).copy_(mean);
        _batchStatistics.select(0, 1).copy_(inverse);
        output.copy_(((x - mean) * (inverse * _gamma!)).Plus(_beta!));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var (x, dy) = (inputs[0], outputGradient);
        if (Kernels.Take(dy))
        {
            Kernels.Check(Kernels.mimir_batch_norm_backward(
                x.Rows, OutputDim, x, _gamma!, _batchStatistics!, dy, inputGradients[0], _gammaGradient!, _betaGradient!));
            return;
        }

        // dx = gamma / deviation * (dy - mean of dy - normalised x * mean of dy times normalised x)
        using var scope = torch.NewDisposeScope();
        var inverse = _batchStatistics!.select(0, 1);
        var normalised = (x - _batchStatistics.select(0, 0)).mul_(inverse);
        _betaGradient!.copy_(dy.sum(dim: 0));
        _gammaGradient!.copy_((dy * normalised).sum(dim: 0));
        var rows = Scalars.Of(x.Rows);
        inputGradients[0]?.copy_((dy - (_betaGradient / rows) - (normalised * (_gammaGradient / rows))).mul_(inverse * _gamma!));
    }

    public override void Dispose()
    {
        _batchStatistics?.Dispose();
        base.Dispose();
    }
}
