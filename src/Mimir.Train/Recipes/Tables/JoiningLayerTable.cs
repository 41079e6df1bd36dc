using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of the layers that join others, or bring their values to one scale.</summary>
internal static class JoiningLayerTable
{
    /// <summary>Gets the layers.</summary>
    public static IReadOnlyList<Variant<LayerRecipe>> Layers { get; } =
    [
        LayerVariant.Of<LayerNormLayer>(
            "layer-norm", "Each frame to zero mean and unit variance over its values, then scaled and shifted.", new()
        {
            {
                "epsilon", l => l.Epsilon, (l, v) => l with { Epsilon = v }, Kinds.Positive,
                "What is added to the variance."
            },
        }),
        LayerVariant.Of<SumLayer>("sum", "The sum of layers of one dimension: where branches join.", new()
        {
            {
                "scales", l => l.Scales, (l, v) => l with { Scales = v },
                new ListKind<double>(Kinds.Number(), 1, "a list of numbers, one for each of `inputs`"),
                "What each input is multiplied with; without it 1."
            },
        }),
        LayerVariant.Of<AppendLayer>("append", "Layers of any dimensions side by side, in the order of their names.", new()),
    ];
}
