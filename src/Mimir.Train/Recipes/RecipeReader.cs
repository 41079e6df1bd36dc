using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Recipes;

/// <summary>Reads recipe files strictly: a key that is not known, or a value that cannot be, is an error with its place.</summary>
/// <remarks>
/// Besides the keys of <see cref="Recipe"/> a file may hold <c>extends: other.yaml</c> (relative to itself), which is read
/// first; maps are laid over each other key by key, lists and values replace each other.
/// </remarks>
public static class RecipeReader
{
    private const string Extends = "extends";
    private const int MaxExtends = 8;

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
    /// <param name="file">What messages call it; <c>extends</c> is relative to its folder.</param>
    /// <param name="options">Overrides and the environment; null for none and the process's own.</param>
    /// <exception cref="FileNotFoundException">A file that it extends does not exist.</exception>
    /// <exception cref="InputException">The recipe is wrong; the message has a line for each problem.</exception>
    public static LoadedRecipe Parse(string text, string file, RecipeReaderOptions? options = null)
    {
        var loaded = TryParse(text, file, options ?? new(), out var problems);
        return Demand(loaded, problems);
    }

    /// <summary>Reads a recipe file and gives back all that is wrong with it.</summary>
    /// <exception cref="FileNotFoundException">The file, or one that it extends, does not exist.</exception>
    /// <exception cref="InputException">The file is not YAML at all.</exception>
    internal static LoadedRecipe TryRead(string file, RecipeReaderOptions? options, out IReadOnlyList<RecipeFinding> problems) =>
        TryParse(Load(file), file, options ?? new(), out problems);

    private static LoadedRecipe TryParse(
        string text, string file, RecipeReaderOptions options, out IReadOnlyList<RecipeFinding> problems)
    {
        var variables = new Variables(options.Environment);
        var givenVariables = options.Overrides.Select(Overrides.Split).Where(given => Overrides.IsVariable(given.Key)).ToList();
        foreach (var (name, value) in givenVariables)
            variables.Give(name, value);

        var tree = Tree(text, file, variables, 0);
        foreach (var change in options.Overrides)
        {
            if (!variables.IsUsed(Overrides.Split(change).Key))
                tree = RecipeTable.Root.Merge(tree, Overrides.Tree(change, variables));
        }

        var context = new BindContext(variables);
        var recipe = RecipeTable.Root.Read(tree, "", new Recipe(), context);
        var loaded = new LoadedRecipe(recipe, file, context.Origins);
        problems = context.Problems.Count > 0 ? context.Problems : [.. RecipeRules.Check(loaded, options)];
        return loaded;
    }

    private static RecipeNode Tree(string text, string file, Variables variables, int depth)
    {
        var tree = YamlTree.Parse(text, line => new ValueOrigin(OriginKind.File, $"{file}:{line}"), variables);
        if (tree is not MapNode map)
        {
            throw new InputException(
                $"{tree.Origin.Place}: expected a recipe (keys such as name, corpus, model), got {variables.Unprotect(tree.Describe())}");
        }

        if (map.Entries.FirstOrDefault(entry => entry.Key == Extends) is not { } extends)
            return tree;

        var context = new BindContext(variables);
        var other = Kinds.Path.Read(extends.Value, Extends, "", context);
        if (context.Problems is [var problem, ..])
            throw new InputException(problem.ToString());
        if (depth == MaxExtends)
        {
            throw new InputException(
                $"{extends.Origin.Place}: more than {MaxExtends} recipes extend each other, perhaps in a circle");
        }

        var path = Path.Combine(Path.GetDirectoryName(file) ?? "", other);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{extends.Origin.Place}: there is no recipe '{path}' to extend", path);

        var own = map with { Entries = [.. map.Entries.Where(entry => entry.Key != Extends)] };
        return RecipeTable.Root.Merge(Tree(Load(path), path, variables, depth + 1), own);
    }

    private static string Load(string file) => File.Exists(file)
        ? File.ReadAllText(file)
        : throw new FileNotFoundException($"there is no recipe '{file}'", file);

    private static LoadedRecipe Demand(LoadedRecipe loaded, IReadOnlyList<RecipeFinding> problems) => problems.Count == 0
        ? loaded
        : throw new InputException(string.Join('\n', problems.Select(problem => problem.ToString())));
}
