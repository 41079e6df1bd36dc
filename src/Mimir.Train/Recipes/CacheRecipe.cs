namespace Mimir.Train.Recipes;

/// <summary>Where the files of a corpus that lies elsewhere are kept.</summary>
public sealed record CacheRecipe
{
    /// <summary>The folder, on a disk of this machine. The default is <c>~/.cache/mimir</c>.</summary>
    public string Folder { get; init; } = "~/.cache/mimir";

    /// <summary>The most that lies there, in units of 10^9 bytes. The default is 20.</summary>
    public double Gigabytes { get; init; } = 20;

    /// <summary>Gets the folder with the home folder in place of <c>~</c>.</summary>
    public string FullFolder => Path.GetFullPath(
        Folder == "~" || Folder.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Folder[1..]
            : Folder);
}
