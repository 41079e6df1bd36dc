using Mimir.Dist.Data.Caching;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Remote;

/// <summary>Whether a cache can be as a recipe has it.</summary>
internal static class CacheCheck
{
    /// <summary>The options of the cache of a recipe.</summary>
    public static CacheOptions Options(CacheRecipe recipe) =>
        new() { Folder = recipe.FullFolder, Limit = Math.Max(1, (long)(recipe.Gigabytes * 1e9)), LogEvictions = false };

    /// <summary>What is wrong, with the key; null when nothing is.</summary>
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
                    $"the disk of '{folder}' has room for {room:0.#} GB, the recipe grants the cache {recipe.Gigabytes} GB; grant it less, or name a folder on another disk"));
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
