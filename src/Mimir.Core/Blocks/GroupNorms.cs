using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>The p-norm of each group of neighbouring values, as Kaldi's PnormComponent: y = (sum of |x|^p)^(1/p).</summary>
/// <remarks>X. Zhang, J. Trmal, D. Povey, S. Khudanpur: Improving deep neural network acoustic models using generalized maxout
/// networks, 2014.</remarks>
public sealed record PnormSpec : BlockSpec
{
    /// <summary>The number of groups, which divides the number of inputs.</summary>
    [JsonRequired]
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public int GroupCount { get; init; }

    /// <summary>The exponent.</summary>
    [JsonRequired]
    [Option("p", Min = 1, Max = 100)]
    public float Power { get; init; } = 2;

    /// <inheritdoc/>
    internal override int PossibleInputDim => GroupCount;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new PnormBlock(this, GroupSize.Of(inputDim, GroupCount));
}

/// <summary>The largest value of each group of neighbouring values.</summary>
/// <remarks>I. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio: Maxout networks, 2013.</remarks>
public sealed record MaxoutSpec : BlockSpec
{
    /// <summary>The number of groups, which divides the number of inputs.</summary>
    [JsonRequired]
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public int GroupCount { get; init; }

    /// <inheritdoc/>
    internal override int PossibleInputDim => GroupCount;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new MaxoutBlock(this, GroupSize.Of(inputDim, GroupCount));
}

/// <summary>Computes a <see cref="PnormSpec"/>.</summary>
internal sealed class PnormBlock(PnormSpec spec, int size) : TapeBlock(spec.GroupCount)
{
    // Where all values of a group are 0 the norm has no derivative; with a floor it is 0.
    private const double Floor = 1e-30;

    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var groups = x.view(-1, spec.GroupCount, size).abs();
        return groups.pow(Scalars.Of(spec.Power)).sum(2).clamp_min(Scalars.Of(Floor)).pow(Scalars.Of(1.0 / spec.Power));
    }
}

/// <summary>Computes a <see cref="MaxoutSpec"/>.</summary>
internal sealed class MaxoutBlock(MaxoutSpec spec, int size) : TapeBlock(spec.GroupCount)
{
    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters) =>
        x.view(-1, spec.GroupCount, size).max(2).values;
}

/// <summary>The number of values of a group.</summary>
internal static class GroupSize
{
    /// <summary>The values of each group.</summary>
    /// <exception cref="ArgumentException">The groups do not divide the values.</exception>
    public static int Of(int inputDim, int groups) => groups > 0 && inputDim % groups == 0
        ? inputDim / groups
        : throw new ArgumentException($"{groups} groups do not divide {inputDim} values; choose a dim that does");
}
