using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The kinds of value that the tables of layers share.</summary>
internal static class LayerKinds
{
    /// <summary>Gets a number of values.</summary>
    public static ValueKind<int> Dim { get; } = Kinds.Whole(1, 1 << 20);

    /// <summary>Gets a share below the whole.</summary>
    public static ValueKind<double> Share { get; } = Kinds.Number(0, 1, open: true);

    /// <summary>Gets a number that is not negative.</summary>
    public static ValueKind<double> FromZero { get; } = Kinds.Number(0);

    /// <summary>Gets a standard deviation that may be left to the layer.</summary>
    public static ValueKind<double?> Stddev { get; } = new OptionalNumber<double>(FromZero);

    /// <summary>Gets how often a layer is repeated.</summary>
    public static ValueKind<int> Repeat { get; } = Kinds.Whole(1, 1000);

    /// <summary>Gets frames relative to one.</summary>
    public static ValueKind<IReadOnlyList<int>> Offsets { get; } =
        new ListKind<int>(Kinds.Whole(-1000, 1000), 0, "a list of whole numbers such as [-3, 0, 3]");

    /// <summary>Gets a function.</summary>
    public static ValueKind<Activation> Activation { get; } = Kinds.Choice(
        ("none", Recipes.Activation.None), ("sigmoid", Recipes.Activation.Sigmoid), ("tanh", Recipes.Activation.Tanh),
        ("relu", Recipes.Activation.Relu));
}
