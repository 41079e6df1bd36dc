using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Train.Layers;

namespace Mimir.Train.Recipes;

/// <summary>One training run: the record of a recipe file. Relative paths are relative to the current folder.</summary>
/// <remarks>
/// The options of this record and of those below it are the keys of the file: the attribute has name and range, the initial value
/// is the default, and the summary is the description in docs/recipes.md and docs/recipe.schema.json.
/// </remarks>
public sealed record Recipe
{
    /// <summary>The name of the run, which also names its folder.</summary>
    [Option("name", Required = true), ValueKind<NameKind>]
    public string Name { get; init; } = "";

    /// <summary>The seed of initialisation, shuffling, dropout and dither; the same seed gives the same model.</summary>
    [Option("seed")]
    public ulong Seed { get; init; } = 777;

    /// <summary>The utterances to train on, to validate on and to test on.</summary>
    [Option("corpus", Required = true)]
    public CorpusRecipe Corpus { get; init; } = new();

    /// <summary>A start without alignments, from audio and text; without it the sets name their alignments.</summary>
    [Option("start")]
    public StartRecipe? Start { get; init; }

    /// <summary>The features of an utterance: the rows that the first layer sees.</summary>
    [Option("features")]
    public FeaturesRecipe Features { get; init; } = new();

    /// <summary>Augmentation of the training set, anew in each epoch; without it none.</summary>
    [Option("augment")]
    public AugmentRecipe? Augment { get; init; }

    /// <summary>The layers, from the input to the output; each is a map with one key, the kind of layer.</summary>
    [Option("model", Required = true, Expected = "a list of layers"), ValueKind<LayerKind>]
    public IReadOnlyList<LayerRecipe> Model { get; init; } = [];

    /// <summary>Initial values of layers before training; without it those that the layers draw.</summary>
    [Option("pretrain", Expected = "a kind of pre-training")]
    public PretrainRecipe? Pretrain { get; init; }

    /// <summary>The training of the model.</summary>
    [Option("train")]
    public TrainRecipe Train { get; init; } = new();

    /// <summary>The part of an utterance that a network with sequences sees at a time in cross-validation and decoding.</summary>
    [Option("evaluate")]
    public EvaluateRecipe Evaluate { get; init; } = new();

    /// <summary>The workers of the run and their update mode.</summary>
    [Option("distribute")]
    public DistributeRecipe Distribute { get; init; } = new();

    /// <summary>The decoding and scoring of the test sets; without it a run ends with the model.</summary>
    [Option("decode")]
    public DecodeRecipe? Decode { get; init; }

    /// <summary>The run's folder; without it <c>exp/&lt;name&gt;</c>.</summary>
    [Option("output"), ValueKind<PathKind>]
    public string? Output { get; init; }

    /// <summary>Gets the run's folder: <see cref="Output"/>, or <c>exp/&lt;name&gt;</c>.</summary>
    public string OutputFolder => Output ?? $"exp/{Name}";
}
