using Mimir.Tests.Support;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

/// <summary>Every recipe in the tree is alive.</summary>
public sealed class TreeRecipesTests
{
    public static TheoryData<string> Files()
    {
        var folder = Path.Combine(SharedData.Checkout, "recipes");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories) : [];
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
}
