namespace Mimir.Train.Recipes;

/// <summary><c>sum</c>: the sum of layers of one dimension, each times its scale: where branches join.</summary>
public sealed record SumLayer : LayerRecipe
{
    /// <summary>What each input is multiplied with, one a layer; none for 1.</summary>
    public IReadOnlyList<double> Scales { get; init; } = [];
}

/// <summary><c>append</c>: layers of any dimensions side by side, in the order of their names.</summary>
public sealed record AppendLayer : LayerRecipe;

/// <summary><c>layer-norm</c>: each frame to zero mean and unit variance over its values, then scaled and shifted.</summary>
public sealed record LayerNormLayer : LayerRecipe
{
    /// <summary>What is added to the variance. The default is 1e-5.</summary>
    public double Epsilon { get; init; } = 1e-5;
}
