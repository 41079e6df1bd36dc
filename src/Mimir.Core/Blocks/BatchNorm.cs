using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

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
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) =>
        LibTorch.Check(LibTorch.mimir_batch_norm_forward(
            inputs[0].Handle, _gamma!.Handle, _beta!.Handle, _mean!.Handle, _variance!.Handle,
            pass.Mode == PassMode.Train ? 1 : 0, _spec.Momentum, _spec.Epsilon, _batchStatistics!.Handle, output.Handle));

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var dx = new OptionalHandle(inputGradients[0]?.Handle);
        LibTorch.Check(LibTorch.mimir_batch_norm_backward(
            inputs[0].Handle, _gamma!.Handle, _batchStatistics!.Handle, outputGradient.Handle, dx.Address,
            _gammaGradient!.Handle, _betaGradient!.Handle));
    }

    public override void Dispose()
    {
        _batchStatistics?.Dispose();
        base.Dispose();
    }
}
