using Mimir.Lab.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Tests.Tables;

/// <summary>Every table in the tree is alive.</summary>
public sealed class TreeTablesTests
{
    public static TheoryData<string> Files()
    {
        var folder = Path.Combine(SharedData.Checkout, "recipes");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "table.yaml", SearchOption.AllDirectories) : [];
        return [.. files.Select(file => Path.GetRelativePath(SharedData.Checkout, file)).Order(StringComparer.Ordinal).DefaultIfEmpty("")];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Table_loads_strictly_and_so_do_the_recipes_of_its_rows(string file)
    {
        if (file.Length == 0)
            return;

        var path = Path.Combine(SharedData.Checkout, file);
        var rows = TablePlan.Rows(TableReader.Read(path), Path.GetDirectoryName(path)!);

        Assert.All(rows, row => Assert.Equal(
            row.Workers.Workers,
            RecipeReader.Read(row.RecipeFile, new() { Overrides = row.Overrides, Environment = name => $"/given/{name}" })
                .Recipe.Distribute.Workers));
    }
}
