using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Scales each frame to a root mean square, as Kaldi's NormalizeComponent: y = x / sqrt(max(2^-66, x'x / (D rms^2))).</summary>
public sealed record RenormSpec : BlockSpec
{
    /// <summary>The root mean square of a frame's outputs.</summary>
    [JsonRequired]
    [Option("target-rms", Min = 0, MinExcluded = true)]
    public float TargetRms { get; init; } = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new RenormBlock(this, inputDim);
}

/// <summary>Computes a <see cref="RenormSpec"/>.</summary>
internal sealed class RenormBlock(RenormSpec spec, int dim) : TapeBlock(dim)
{
    private static readonly double SquaredNormFloor = Math.Pow(2, -66);

    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var squares = (x * x).sum(1, keepdim: true) * Scalars.Of(1.0 / (OutputDim * spec.TargetRms * spec.TargetRms));
        return x * squares.clamp_min(Scalars.Of(SquaredNormFloor)).rsqrt();
    }
}
