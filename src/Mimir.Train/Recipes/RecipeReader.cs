using Mimir.Base;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The settings of <see cref="RecipeReader"/>.</summary>
public sealed record RecipeReaderOptions : ReadOptions
{
    /// <summary>
    /// Gets the options of a kind of corpus that can be made (<c>mandarin-digits</c>), with their defaults; null leaves the
    /// recipe's options unchecked.
    /// </summary>
    public Func<string, object?> SynthOptions { get; init; } = static _ => null;
}

/// <summary>Reads recipe files strictly: a key that is not known, or a value that is out of range, is an error with its place.</summary>
public static class RecipeReader
{
    /// <summary>Reads a recipe file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Overrides and the environment; null for none and the process's own.</param>
    /// <exception cref="FileNotFoundException">The file, or one that it extends, does not exist.</exception>
    /// <exception cref="InputException">The recipe is wrong; the message has a line for each problem.</exception>
    public static LoadedRecipe Read(string file, RecipeReaderOptions? options = null)
    {
        var loaded = TryRead(file, options, out var problems);
        return Demand(loaded, problems);
    }

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">The name for messages; <c>extends</c> is relative to its folder.</param>
    /// <param name="options">Overrides and the environment; null for none and the process's own.</param>
    /// <exception cref="FileNotFoundException">A file that it extends does not exist.</exception>
    /// <exception cref="InputException">The recipe is wrong; the message has a line for each problem.</exception>
    public static LoadedRecipe Parse(string text, string file, RecipeReaderOptions? options = null)
    {
        options ??= new();
        var loaded = Check(RecipeFormat.Format.Parse(text, file, options), file, options, out var problems);
        return Demand(loaded, problems);
    }

    /// <summary>Reads a recipe file and lists its problems.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Overrides and the environment; null for none and the process's own.</param>
    /// <param name="problems">The problems; none when the recipe is right.</param>
    /// <exception cref="FileNotFoundException">The file, or one that it extends, does not exist.</exception>
    /// <exception cref="InputException">The file is not YAML at all.</exception>
    public static LoadedRecipe TryRead(string file, RecipeReaderOptions? options, out IReadOnlyList<Finding> problems)
    {
        options ??= new();
        return Check(RecipeFormat.Format.Read(file, options), file, options, out problems);
    }

    private static LoadedRecipe Check(
        Bound<Recipe> bound, string file, RecipeReaderOptions options, out IReadOnlyList<Finding> problems)
    {
        var loaded = new LoadedRecipe(StartDefaults.Fill(bound.Value), file, bound.Origins);
        problems = bound.Problems.Count > 0 ? bound.Problems : [.. RecipeRules.Check(loaded, options)];
        return loaded;
    }

    private static LoadedRecipe Demand(LoadedRecipe loaded, IReadOnlyList<Finding> problems) => problems.Count == 0
        ? loaded
        : throw new InputException(string.Join('\n', problems));
}
