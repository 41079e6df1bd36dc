namespace Mimir.Train.Recipes;

/// <summary>Everything that one training run is made from: the typed form of a recipe file.</summary>
/// <remarks>
/// The keys of the file are the properties' names in lower case with hyphens (<c>ShuffleWindow</c> is
/// <c>shuffle-window</c>); <c>docs/recipes.md</c> lists them all. Relative paths are relative to the current folder.
/// </remarks>
public sealed record Recipe
{
    /// <summary>The name of the run, which also names its folder. Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>The seed of initialisation, shuffling, dropout and dither. The default is 777.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>The utterances to train on, to validate on and to test on.</summary>
    public CorpusRecipe Corpus { get; init; } = new();

    /// <summary>How an utterance becomes rows of features.</summary>
    public FeaturesRecipe Features { get; init; } = new();

    /// <summary>How the training set is changed anew in each epoch, or null for not at all.</summary>
    public AugmentRecipe? Augment { get; init; }

    /// <summary>The layers, from the input to the output.</summary>
    public IReadOnlyList<LayerRecipe> Model { get; init; } = [];

    /// <summary>How the model is trained.</summary>
    public TrainRecipe Train { get; init; } = new();

    /// <summary>How much of an utterance a network that looks along time sees at once in cross-validation and decoding.</summary>
    public EvaluateRecipe Evaluate { get; init; } = new();

    /// <summary>How many workers train, and how they stay in step.</summary>
    public DistributeRecipe Distribute { get; init; } = new();

    /// <summary>How the test sets are decoded and scored, or null for a run that ends with the model.</summary>
    public DecodeRecipe? Decode { get; init; }

    /// <summary>The run's folder, or null for <c>exp/&lt;name&gt;</c>.</summary>
    public string? Output { get; init; }

    /// <summary>Gets the run's folder: <see cref="Output"/>, or <c>exp/&lt;name&gt;</c>.</summary>
    public string OutputFolder => Output ?? $"exp/{Name}";
}
