using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>The sum of several inputs of one dimension, each times its scale: where branches of a graph meet.</summary>
public sealed record SumSpec : BlockSpec
{
    /// <summary>The factor of each input; without it 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Option("scales")]
    public IReadOnlyList<float>? Scales { get; init; }

    /// <inheritdoc/>
    public override bool AcceptsManyInputs() => true;

    /// <inheritdoc/>
    internal override string? InputProblem(int count) => Scales is not null && Scales.Count != count
        ? $"a sum of {count} inputs needs as many scales, got {Scales.Count}"
        : null;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SumBlock(inputDim, Scales);
}

/// <summary>Computes a <see cref="SumSpec"/>.</summary>
internal sealed class SumBlock(int inputDim, IReadOnlyList<float>? scales) : Block(inputDim)
{
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        output.copy_(inputs[0]);
        if (scales is not null)
            output.mul_(Scalars.Of(scales[0]));
        for (var i = 1; i < inputs.Count; i++)
            output.add_(inputs[i], alpha: Scalars.Of(scales?[i] ?? 1));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        for (var i = 0; i < inputGradients.Count; i++)
        {
            inputGradients[i]?.copy_(outputGradient);
            if (scales is not null)
                inputGradients[i]?.mul_(Scalars.Of(scales[i]));
        }
    }
}
