using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Config;
using Mimir.Dist.Updates;

namespace Mimir.Lab.Tables;

/// <summary>Reads <c>table.yaml</c> strictly, as recipes are read.</summary>
public static class TableReader
{
    private static readonly ConfigFormat<TableDefinition> Format = new("table", "name, cluster, recipes");

    /// <summary>Reads a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Overrides of its keys, and the environment; null for none and the process's own.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The table is wrong; the message has a line for each problem.</exception>
    public static TableDefinition Read(string file, ReadOptions? options = null)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"there is no table '{file}'", file);

        return Parse(TextLineReader.ReadAll(file), file, options);
    }

    /// <summary>Reads a table from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">The name for messages.</param>
    /// <param name="options">Overrides of its keys, and the environment; null for none and the process's own.</param>
    /// <exception cref="InputException">The table is wrong; the message has a line for each problem.</exception>
    public static TableDefinition Parse(string text, string file, ReadOptions? options = null)
    {
        // Variables on the command line are those of the recipes.
        options ??= new();
        options = options with { Overrides = [.. options.Overrides.Where(change => !ReadOptions.SetsVariable(change))] };
        var bound = Format.Parse(text, file, options);
        return bound.Problems.Count > 0 ? bound.Demand() : (bound with { Problems = [.. Check(bound)] }).Demand();
    }

    private static IEnumerable<Finding> Check(Bound<TableDefinition> bound)
    {
        var table = bound.Value;
        foreach (var shape in table.Clusters.Keys.Where(IsNoShape))
            yield return Shape($"clusters.{shape}", shape);
        foreach (var (name, recipe) in table.Recipes)
        {
            foreach (var shape in recipe.Reported.Keys.Where(IsNoShape))
                yield return Shape($"recipes.{name}.reported.{shape}", shape);
            if (recipe.Workers.Any(workers => workers.Workers > 1) && recipe.Modes.Count == 0)
                yield return Fail($"recipes.{name}.modes", "several workers need at least one update mode");
        }

        if (table.Recipes.Count == 0)
            yield return Fail("recipes", "expected at least one recipe");
        var modes = UpdateOptions.Defaults.Select(mode => mode.Name).ToList();
        foreach (var mode in table.Modes.Keys.Where(mode => mode != TableRow.Alone && !modes.Contains(mode)))
            yield return Fail($"modes.{mode}", $"expected an update mode: {string.Join(", ", modes)}, or alone for one worker");
        foreach (var (index, change) in table.Rows.Index())
        {
            if (change.Recipe is not { } recipe || table.Recipes.ContainsKey(recipe))
                continue;

            var hint = NearestKey.Hint(recipe, [.. table.Recipes.Keys]);
            yield return Fail($"rows.{index}.recipe", $"there is no recipe '{recipe}'; {hint}");
        }

        static bool IsNoShape(string text) => !WorkerShape.TryParse(text, out _);

        Finding Shape(string path, string text) => Fail(path, $"expected workers as machines x devices, such as 8x2, got '{text}'");

        Finding Fail(string path, string message) =>
            new(path, bound.Origins.GetValueOrDefault(path, bound.Origins[""]), $"'{path}': {message}");
    }
}
