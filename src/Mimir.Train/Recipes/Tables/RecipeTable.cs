using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>Every key of a recipe: reading, writing, the JSON schema and the reference all come from these tables.</summary>
internal static class RecipeTable
{
    private static readonly Section<EvaluateRecipe> Evaluate = new(new EvaluateRecipe(), new()
    {
        {
            "chunk", e => e.Chunk, (e, v) => e with { Chunk = v }, Kinds.Whole(0, 1 << 24),
            "The frames that are computed at a time; 0 for the whole utterance."
        },
        {
            "left-context", e => e.LeftContext, (e, v) => e with { LeftContext = v }, new OptionalNumber<int>(Kinds.Whole(0, 1 << 24)),
            "The frames before each chunk that are computed with it, from nothing, and not counted; without it the state of recurrent "
            + "layers is carried from chunk to chunk."
        },
        {
            "right-context", e => e.RightContext, (e, v) => e with { RightContext = v }, Kinds.Whole(0, 1 << 24),
            "The frames behind each chunk that are computed with it and not counted; it needs `left-context`."
        },
    });

    /// <summary>Gets the recipe as a whole.</summary>
    public static Section<Recipe> Root { get; } = new(new Recipe(), new()
    {
        {
            "name", r => r.Name, (r, v) => r with { Name = v }, Kinds.Name,
            "The name of the run, which also names its folder.", true
        },
        {
            "seed", r => r.Seed, (r, v) => r with { Seed = v }, Kinds.Seed,
            "The seed of initialisation, shuffling, dropout and dither; the same seed gives the same model."
        },
        {
            "corpus", r => r.Corpus, (r, v) => r with { Corpus = v }, CorpusTable.Corpus,
            "The utterances to train on, to validate on and to test on.", true
        },
        {
            "features", r => r.Features, (r, v) => r with { Features = v }, FeaturesTable.Features,
            "How an utterance becomes the rows that the first layer sees."
        },
        {
            "augment", r => r.Augment, (r, v) => r with { Augment = v },
            new OptionalKind<AugmentRecipe>(AugmentTable.Augment, new()),
            "How the training set is changed anew in each epoch; without it not at all."
        },
        {
            "model", r => r.Model, (r, v) => r with { Model = v },
            new ListKind<LayerRecipe>(LayerTable.Layer, new SoftmaxLayer(), "a list of layers"),
            "The layers, from the input to the output; each is a map with one key, the kind of layer.", true
        },
        {
            "train", r => r.Train, (r, v) => r with { Train = v }, TrainTable.Train,
            "How the model is trained."
        },
        {
            "evaluate", r => r.Evaluate, (r, v) => r with { Evaluate = v }, Evaluate,
            "How much of an utterance a network that looks along time sees at once in cross-validation and decoding."
        },
        {
            "distribute", r => r.Distribute, (r, v) => r with { Distribute = v }, DistributeTable.Distribute,
            "How many workers train, and how they stay in step."
        },
        {
            "decode", r => r.Decode, (r, v) => r with { Decode = v },
            new OptionalKind<DecodeRecipe>(DecodeTable.Decode, new()),
            "How the test sets are decoded and scored; without it a run ends with the model."
        },
        {
            "output", r => r.Output, (r, v) => r with { Output = v }, Kinds.OptionalPath,
            "The run's folder; without it `exp/<name>`."
        },
    });
}
