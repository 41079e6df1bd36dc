using Mimir.Base;
using Mimir.Config;
using Mimir.Dist.Data.Caching;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Remote;

/// <summary>Checks the remote corpus of a recipe: that it can be reached and has the files, and that the cache is possible.</summary>
internal static class RemoteCheck
{
    /// <summary>Lists the problems; fetches the manifest of the corpus.</summary>
    public static IReadOnlyList<Finding> Files(LoadedRecipe loaded)
    {
        var corpus = loaded.Recipe.Corpus;
        if (corpus.Source is not { } where)
            return [];
        if (CacheCheck.Problem(corpus.Cache) is var (key, problem))
            return [loaded.At(key, $"'{key}': {problem}")];

        try
        {
            using var source = CorpusCache.SourceOf(where);
            var options = CacheCheck.Options(corpus.Cache) with { Tries = 1 };
            var cache = CorpusCache.OpenAsync(source, options).GetAwaiter().GetResult();
            cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return Missing(loaded, [.. corpus.AllSets.Select(set => set.Key)], cache.Manifest);
        }
        catch (Exception error) when (error is IOException or InputException)
        {
            return [loaded.At("corpus.source", $"'corpus.source': {error.Message}")];
        }
    }

    /// <summary>Lists the files that sets name and the corpus lacks.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="sets">The names of the sets.</param>
    /// <param name="manifest">The files of the corpus.</param>
    public static IReadOnlyList<Finding> Missing(LoadedRecipe loaded, IReadOnlyCollection<string> sets, CorpusManifest manifest)
    {
        var paths = new RemotePaths(manifest.Files);
        return
        [
            .. from named in loaded.Recipe.Corpus.AllSets
               where sets.Contains(named.Key)
               from file in paths.Of(named.Value)
               where !manifest.Files.ContainsKey(file.Path)
               let key = $"{loaded.Recipe.Corpus.PathOf(named.Key, named.Value)}.{file.Key}"
               select loaded.At(key, $"'{key}': there is no '{file.Path}' in {manifest.Origin}"),
        ];
    }
}

/// <summary>Checks that the cache of a recipe is possible.</summary>
internal static class CacheCheck
{
    /// <summary>The options of the cache of a recipe.</summary>
    public static CacheOptions Options(CacheRecipe recipe) =>
        new() { Folder = recipe.FullFolder, Limit = Math.Max(1, (long)(recipe.Gigabytes * 1e9)), LogEvictions = false };

    /// <summary>The problem with its key; null for none.</summary>
    public static (string Key, string Message)? Problem(CacheRecipe recipe)
    {
        var folder = recipe.FullFolder;
        try
        {
            var probe = Path.Combine(Directory.CreateDirectory(folder).FullName, $".{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);

            var there = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
            var room = (new DriveInfo(folder).AvailableFreeSpace + there) / 1e9;
            return room >= recipe.Gigabytes
                ? null
                : ("corpus.cache.gigabytes", FormattableString.Invariant(
                    $"the disk of '{folder}' has room for {room:0.#} GB, the recipe grants the cache {recipe.Gigabytes} GB; ")
                    + "grant it less, or name a folder on another disk");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ("corpus.cache.folder", $"'{folder}' cannot be written: {error.Message}; name another folder");
        }
    }

    // Another process may just throw the file out.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
