using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

/// <summary>Every recipe in the tree is alive.</summary>
public sealed class TreeRecipesTests
{
    public static TheoryData<string> Files() => Find(name => name != "table.yaml");

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
        Assert.Equivalent(loaded.Recipe.Train, again.Recipe.Train, strict: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Recipe_begins_with_its_schema(string file)
    {
        const string Start = "# yaml-language-server: $schema=";
        if (file.Length == 0)
            return;

        var path = Path.Combine(SharedData.Checkout, file);
        var line = File.ReadLines(path).First();

        Assert.StartsWith(Start, line, StringComparison.Ordinal);
        Assert.Equal(
            Path.Combine(SharedData.Checkout, "docs", "recipe.schema.json"),
            Path.GetFullPath(line[Start.Length..], Path.GetDirectoryName(path)!));
    }
}
