using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>Gives every kind of layer the keys that all have: its name and what it takes.</summary>
internal static class LayerVariant
{
    /// <summary>A kind of layer with its own keys and the common ones.</summary>
    /// <param name="name">The key that names it.</param>
    /// <param name="summary">What it computes.</param>
    /// <param name="fields">Its own keys.</param>
    public static Variant<LayerRecipe> Of<TLayer>(string name, string summary, Fields<TLayer> fields)
        where TLayer : LayerRecipe, new()
    {
        fields.Add(
            "name", l => l.Name, (l, v) => (TLayer)((LayerRecipe)l with { Name = v }), new OptionalKind<string>(Kinds.Name, ""),
            "A name by which later layers take this one's output; it also names its parameters.");
        fields.Add(
            "inputs", l => l.Inputs, (l, v) => (TLayer)((LayerRecipe)l with { Inputs = v }),
            new ListKind<string>(Kinds.Name, "", "a list of names of layers before this one, or `input`"),
            "The layers that it takes; without it the one before. `input` is what the first layer takes.");
        return new Variant<LayerRecipe, TLayer>(name, new TLayer(), summary, fields);
    }
}
