using Mimir.Config;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Recipes;

/// <summary>A recipe with the origin of each of its values.</summary>
/// <param name="Recipe">The typed recipe.</param>
/// <param name="File">The file that it was read from, as the user named it.</param>
/// <param name="Origins">
/// The origins by path (<c>train.batch.frames</c>); a path that is not there has its default.
/// </param>
public sealed record LoadedRecipe(Recipe Recipe, string File, IReadOnlyDictionary<string, ValueOrigin> Origins)
{
    /// <summary>Where the value at a path comes from.</summary>
    public ValueOrigin OriginOf(string path) => Origins.GetValueOrDefault(path, ValueOrigin.Default);

    /// <summary>
    /// The whole recipe with every default, as YAML with the origin of each value in a comment; it reads back as the same
    /// recipe, without any variable.
    /// </summary>
    public string ToYaml() =>
        $"# The recipe {File} with every default; behind each value stands where it comes from.\n"
        + YamlText.Block((MapNode)RecipeTable.Root.Write(Recipe, "", Origins));
}
