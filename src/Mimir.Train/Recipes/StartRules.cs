using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The values of a start that contradict each other, or the rest of the recipe.</summary>
internal static class StartRules
{
    /// <summary>Lists every contradiction.</summary>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded)
    {
        if (loaded.Recipe is not { Start: { } start } recipe)
            yield break;

        if (start.Lexicon is { File: null, Units: WordUnits.None })
        {
            yield return loaded.At(
                "start.lexicon",
                "'start.lexicon': nothing says how words are spoken; name a lexicon, or units: {units: character}");
        }

        if (start.Lexicon is { File: null, G2P: true })
            yield return loaded.At("start.lexicon.g2p", "'start.lexicon.g2p': expected a lexicon to learn from; name 'file'");
        if (start.Lexicon is { G2P: true, Units: not WordUnits.None })
            yield return loaded.At("start.lexicon.g2p", "'start.lexicon.g2p': 'units' says already how missing words are spoken; keep one");
        if (start is { Text: not null, LanguageModel: not null })
            yield return loaded.At("start.text", "'start.text': 'language-model' is there already; keep one of the two");
        if (recipe.Corpus.Source is not null)
            yield return loaded.At("start", "'start': a corpus on another machine cannot be started from; copy it to this one");
        if (recipe.Features.Type == FeatureType.Given && start.By == StartMethod.Gaussians)
            yield return loaded.At("start.by", "'start.by': Gaussians take features from audio, the recipe's are given; take 'network'");

        var folder = start.FolderOf(recipe.OutputFolder);
        var sets = new[] { recipe.Corpus.Train, recipe.Corpus.Cv };
        if (sets.All(set => set?.Alignments?.StartsWith(folder, StringComparison.Ordinal) != true))
            yield return loaded.At("start", "'start': both sets have alignments or targets already; leave 'start' out, or those");
    }
}
