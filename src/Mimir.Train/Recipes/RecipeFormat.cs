using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>Recipe files: their YAML, their JSON schema and the reference of their keys.</summary>
public static class RecipeFormat
{
    private const string Introduction = """
        # Recipes: every key

        A recipe is a YAML file that describes one training run. This page lists all keys. `mimir recipe keys` prints it; it is
        made from the records that hold a recipe in the program. `recipe.schema.json` in this folder is the same for editors:
        begin a recipe with `# yaml-language-server: $schema=<path>/recipe.schema.json`.

        - An unknown key, a wrong type or a number out of range is an error with file, line and the nearest known key.
        - `${NAME}` is a variable of the environment. `${NAME:-default}` has a default, which holds for every other `${NAME}` in
          the recipe. `$${NAME}` is a literal `${NAME}`. `--set NAME=value` gives a variable on the command line.
        - Mimir takes a variable anywhere; editors want it in quotes inside braces: `{dir: "${NAME}/train"}`.
        - `--set train.optimiser.sgd.rate=0.004` changes a value from the command line, `--set model.0.affine.dim=512` a value in
          a list. The value is YAML.
        - `extends: other.yaml` (relative to the file) reads another recipe first. Maps are laid over each other key by key;
          lists and values replace each other.
        - One of several kinds is a map with one key (`optimiser: {sgd: {rate: 0.008}}`). The bare name takes the defaults:
          `optimiser: adam`.
        - Relative paths are relative to the current folder.
        - `mimir recipe check FILE` lists every problem. `mimir recipe show FILE` prints the recipe with all defaults and the
          origin of each value.

        """;

    /// <summary>Gets the form of the files.</summary>
    internal static ConfigFormat<Recipe> Format { get; } = new("recipe", "name, corpus, model") { AllowsExtends = true };

    /// <summary>The reference of all keys in Markdown: the content of <c>docs/recipes.md</c>.</summary>
    public static string Reference() => Introduction.ReplaceLineEndings("\n") + Format.Reference();

    /// <summary>The JSON schema: the content of <c>docs/recipe.schema.json</c>.</summary>
    public static string Schema() => Format.Schema();

    /// <summary>A recipe as YAML on one line.</summary>
    /// <param name="recipe">The recipe.</param>
    public static string ToLine(Recipe recipe) => Format.ToLine(recipe);

    /// <summary>All values of a recipe as text, by key.</summary>
    /// <param name="recipe">The recipe.</param>
    public static IReadOnlyDictionary<string, string> ValuesOf(Recipe recipe) => Format.ValuesOf(recipe);

    /// <summary>A single value of a recipe as text; null where there is none.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="path">The key, with dots.</param>
    public static string? ValueOf(Recipe recipe, string path) => Format.ValueOf(recipe, path);
}
