using System.Text;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Recipes;

/// <summary>The reference of all keys of recipes with their defaults and units.</summary>
public static class RecipeReference
{
    private const string Introduction = """
        # Recipes: every key

        A recipe is a YAML file that says everything about one training run. This page lists all keys; it is made from the
        same table that reads recipes (`mimir recipe keys`). `docs/recipe.schema.json` is the same for editors: put
        `# yaml-language-server: $schema=<path>/recipe.schema.json` into the first line of a recipe.

        - An unknown key, a wrong type or a number out of range is an error with file, line and the nearest known key.
        - `${NAME}` is a variable of the environment, `${NAME:-default}` one with a default, which holds for every other
          `${NAME}` in the recipe; `$${NAME}` is a literal `${NAME}`.
          A variable can also be given with `--set NAME=value`. Mimir takes it anywhere; editors want it in quotes inside
          braces: `{dir: "${NAME}/train"}`.
        - `--set train.optimiser.sgd.rate=0.004` changes a value from the command line, `--set model.0.affine.dim=512` one in
          a list; the value is YAML.
        - `extends: other.yaml` (relative to the file) reads another recipe first: maps are laid over each other key by key,
          lists and values replace each other.
        - Where one of several kinds is named (`optimiser: {sgd: {rate: 0.008}}`), the bare name takes its defaults:
          `optimiser: adam`.
        - Relative paths are relative to the current folder.
        - `mimir recipe check FILE` lists everything that is wrong, `mimir recipe show FILE` prints the recipe with every
          default and where each value comes from.

        """;

    /// <summary>The reference in Markdown: the content of <c>docs/recipes.md</c>.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        var first = new Dictionary<string, string>();
        foreach (var page in RecipeTable.Root.Pages("", "The top of a recipe."))
        {
            // All sets of a corpus have the same keys; one table serves them.
            var rows = string.Concat(
                page.Rows.Select(row => $"| {row.Key} | {row.Value} | {Code(row.Default)} | {row.Summary} |\n"));
            text.Append('\n').Append("## ").Append(page.Path.Length == 0 ? "The top" : $"`{page.Path}`").Append("\n\n");
            text.Append(page.Summary).Append('\n');
            if (page.Rows.Count == 0)
                text.Append("\nIt has no keys.\n");
            else if (first.TryAdd(rows, page.Path))
                text.Append("\n| key | value | default | meaning |\n|---|---|---|---|\n").Append(rows);
            else
                text.Append($"\nThe keys are those of `{first[rows]}`.\n");
        }

        return text.ToString();
    }

    private static string Code(string value) => value is "" or "required" ? value : $"`{value}`";
}
