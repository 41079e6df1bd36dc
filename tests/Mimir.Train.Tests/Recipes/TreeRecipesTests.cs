using Mimir.Tests.Support;
using Mimir.Train.Recipes;
using Mimir.Train.Tabulation;

namespace Mimir.Train.Tests.Recipes;

/// <summary>Every recipe in the tree is alive.</summary>
public sealed class TreeRecipesTests
{
    private const string Table = "table.yaml";

    public static TheoryData<string> Files() => Find(name => name != Table);

    public static TheoryData<string> Tables() => Find(name => name == Table);

    private static TheoryData<string> Find(Predicate<string> isWanted)
    {
        var folder = Path.Combine(SharedData.Checkout, "recipes");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories) : [];
        files = [.. files.Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "clusters" && isWanted(Path.GetFileName(file)))];
        return [.. files.Select(file => Path.GetRelativePath(SharedData.Checkout, file)).Order(StringComparer.Ordinal).DefaultIfEmpty("")];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Recipe_loads_strictly_and_reads_back(string file)
    {
        if (file.Length == 0)
            return;

        var loaded = RecipeReader.Read(
            Path.Combine(SharedData.Checkout, file), new() { Environment = name => $"/given/{name}" });

        var again = RecipeReader.Parse(loaded.ToYaml(), "recipe.yaml", new() { Environment = _ => null });
        Assert.Equal(loaded.Recipe.Name, again.Recipe.Name);
        Assert.Equal(loaded.Recipe.Train, again.Recipe.Train);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_loads_strictly_and_so_do_the_recipes_of_its_rows(string file)
    {
        if (file.Length == 0)
            return;

        var path = Path.Combine(SharedData.Checkout, file);
        var rows = TablePlan.Rows(TableReader.Read(path), Path.GetDirectoryName(path)!);

        Assert.All(rows, row => Assert.Equal(
            row.Workers.Workers,
            RecipeReader.Read(row.RecipeFile, new() { Overrides = row.Overrides, Environment = name => $"/given/{name}" }).Recipe.Distribute.Workers));
    }
}
