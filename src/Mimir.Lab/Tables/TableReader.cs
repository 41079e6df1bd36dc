using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Tables;

/// <summary>Reads <c>table.yaml</c> strictly, as recipes are read.</summary>
public static class TableReader
{
    /// <summary>Reads a table.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Overrides of its keys, and the environment; null for none and the process's own.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The table is wrong; the message has a line for each problem.</exception>
    public static TableDefinition Read(string file, RecipeReaderOptions? options = null)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"there is no table '{file}'", file);

        return Parse(File.ReadAllText(file), file, options);
    }

    /// <summary>Reads a table from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">Its name in messages.</param>
    /// <param name="options">Overrides of its keys, and the environment; null for none and the process's own.</param>
    /// <exception cref="InputException">The table is wrong; the message has a line for each problem.</exception>
    public static TableDefinition Parse(string text, string file, RecipeReaderOptions? options = null)
    {
        options ??= new();
        var variables = new Variables(options.Environment);
        var tree = YamlTree.Parse(text, line => new ValueOrigin(OriginKind.File, $"{file}:{line}"), variables);
        foreach (var change in options.Overrides.Where(change => !Overrides.IsVariable(Overrides.Split(change).Key)))
            tree = TableBinding.Root.Merge(tree, Overrides.Tree(change, variables));

        var context = new BindContext(variables);
        var table = TableBinding.Root.Read(tree, "", new(), context);
        if (context.Problems.Count == 0)
            Check(table, tree, context);
        return context.Problems.Count == 0
            ? table
            : throw new InputException(string.Join('\n', context.Problems.Select(problem => problem.ToString())));
    }

    private static void Check(TableDefinition table, RecipeNode tree, BindContext context)
    {
        foreach (var shape in table.Clusters.Keys)
            Shape($"clusters.{shape}", shape);
        foreach (var (name, recipe) in table.Recipes)
        {
            foreach (var shape in recipe.Reported.Keys)
                Shape($"recipes.{name}.reported.{shape}", shape);
            if (recipe.Workers.Any(workers => workers.Workers > 1) && recipe.Modes.Count == 0)
                Fail($"recipes.{name}.modes", "several workers need at least one update mode");
        }

        if (table.Recipes.Count == 0)
            Fail("recipes", "expected at least one recipe");
        foreach (var mode in table.Modes.Keys.Where(mode => mode != TableRow.Alone && !TableBinding.Modes.Contains(mode)))
            Fail($"modes.{mode}", $"expected an update mode: {string.Join(", ", TableBinding.Modes)}, or alone for one worker");
        foreach (var (change, index) in table.Rows.Select((change, index) => (change, index)))
        {
            if (change.Recipe is { } recipe && !table.Recipes.ContainsKey(recipe))
                Fail($"rows.{index}.recipe", $"there is no recipe '{recipe}'; {NearestKey.Hint(recipe, [.. table.Recipes.Keys])}");
        }

        void Shape(string path, string text)
        {
            if (!WorkerShape.TryParse(text, out _))
                Fail(path, $"expected workers as machines x devices, such as 8x2, got '{text}'");
        }

        void Fail(string path, string message) =>
            context.Fail(context.Origins.GetValueOrDefault(path, tree.Origin), path, $"'{path}': {message}");
    }
}
