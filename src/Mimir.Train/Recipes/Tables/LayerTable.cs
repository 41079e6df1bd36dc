using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The kinds of layer: a new kind is one record and one entry in one of the tables that are joined here.</summary>
internal static class LayerTable
{
    /// <summary>Gets the choice of layers.</summary>
    public static OneOfKind<LayerRecipe> Layer { get; } = new("a layer",
    [
        .. DenseLayerTable.Layers,
        .. RecurrentLayerTable.Layers,
        .. TimeDelayLayerTable.Layers,
        .. PictureLayerTable.Layers,
        .. JoiningLayerTable.Layers,
    ]);
}
