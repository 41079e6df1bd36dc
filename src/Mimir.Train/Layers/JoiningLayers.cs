using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>The sum of layers of one dimension: the end of parallel branches.</summary>
public sealed record SumLayer : LayerRecipe
{
    /// <summary>The factor of each input; without it 1.</summary>
    [Option("scales", Expected = "a list of numbers, one for each of `inputs`")]
    public IReadOnlyList<double> Scales { get; init; } = [];

    /// <inheritdoc/>
    internal override bool TakesManyInputs => true;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems
    {
        get
        {
            var inputs = Math.Max(1, Inputs.Count);
            if (Scales.Count > 0 && Scales.Count != inputs)
                yield return ("scales", $"expected one for each of the {inputs} inputs, got {Scales.Count}");
        }
    }

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs) => nodes.Add(
        Name ?? nodes.NewName("sum"), Block([.. Scales.Select(scale => (float)scale)]), inputs, inputs[0].Dim, Signal.Open);

    /// <summary>A sum with scales, or without them when all are 1.</summary>
    internal static SumSpec Block(IReadOnlyList<float> scales) =>
        scales.All(scale => scale == 1) ? new SumSpec() : new SumSpec { Scales = scales };
}

/// <summary>Layers of any dimensions side by side, in the order of their names.</summary>
public sealed record AppendLayer : LayerRecipe
{
    /// <inheritdoc/>
    internal override bool TakesManyInputs => true;

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs) => nodes.Add(
        Name ?? nodes.NewName("append"), new AppendSpec(), inputs, inputs.Sum(input => input.Dim), inputs.Max(input => input.Signal));
}
