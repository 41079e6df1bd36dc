using Mimir.Base;
using Mimir.Config;
using Mimir.Dist.Data.Caching;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Remote;

/// <summary>Checks what a recipe says of a corpus elsewhere: that it can be reached, has the files, and that the cache can be.</summary>
internal static class RemoteCheck
{
    /// <summary>Lists what is wrong; asks the corpus for its manifest.</summary>
    public static IReadOnlyList<RecipeFinding> Files(LoadedRecipe loaded)
    {
        var corpus = loaded.Recipe.Corpus;
        if (corpus.Source is not { } where)
            return [];
        if (CacheCheck.Problem(corpus.Cache) is var (key, problem))
            return [RecipeRules.At(loaded, key, $"'{key}': {problem}")];

        try
        {
            using var source = CorpusCache.SourceOf(where);
            var options = CacheCheck.Options(corpus.Cache) with { Tries = 1 };
            var cache = CorpusCache.OpenAsync(source, options).GetAwaiter().GetResult();
            cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return Missing(loaded, [.. corpus.AllSets.Select(set => set.Key)], cache.Manifest);
        }
        catch (Exception error) when (error is IOException or InputException or ArgumentException)
        {
            return [RecipeRules.At(loaded, "corpus.source", $"'corpus.source': {error.Message}")];
        }
    }

    /// <summary>Lists what sets name and the corpus does not have.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="sets">The names of the sets.</param>
    /// <param name="manifest">What the corpus has.</param>
    public static IReadOnlyList<RecipeFinding> Missing(LoadedRecipe loaded, IReadOnlyCollection<string> sets, CorpusManifest manifest)
    {
        var paths = new RemotePaths(manifest.Files);
        return
        [
            .. from named in loaded.Recipe.Corpus.AllSets
               where sets.Contains(named.Key)
               from file in paths.Of(named.Value)
               where !manifest.Files.ContainsKey(file.Path)
               let key = $"{RecipeRules.PathOf(loaded.Recipe, named.Key, named.Value)}.{file.Key}"
               select RecipeRules.At(loaded, key, $"'{key}': there is no '{file.Path}' in {manifest.Origin}"),
        ];
    }
}
