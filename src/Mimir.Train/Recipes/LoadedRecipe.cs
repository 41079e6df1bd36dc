using Mimir.Base;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>A recipe with the origin of each of its values.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="File">The file that it was read from, as the user named it.</param>
/// <param name="Origins">
/// The origins by path (<c>train.batch.frames</c>); a path that is not there has its default.
/// </param>
public sealed record LoadedRecipe(Recipe Recipe, string File, IReadOnlyDictionary<string, ValueOrigin> Origins)
{
    /// <summary>The origin of the value at a path.</summary>
    /// <param name="path">The path.</param>
    public ValueOrigin OriginOf(string path) => Origins.GetValueOrDefault(path, ValueOrigin.Default);

    /// <summary>A finding with the line of its value, or of the nearest section around it that is in the file.</summary>
    /// <param name="path">The path of the value.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    public Finding At(string path, string message) => Finding.At(Origins, path, message);

    /// <summary>
    /// The whole recipe with every default, as YAML with the origin of each value in a comment; it reads back as the same
    /// recipe, without any variable. Credentials in an address are left out.
    /// </summary>
    public string ToYaml() => SafeText.WithoutSecrets(
        $"# The recipe {File} with every default; behind each value stands where it comes from.\n"
        + RecipeFormat.Format.ToYaml(Recipe, Origins));
}
