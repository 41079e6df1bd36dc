using System.Text.Json;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

/// <summary>
/// The committed schema and reference follow from the records. <c>MIMIR_WRITE_DOCS=1 dotnet test</c> writes them anew.
/// </summary>
public sealed class RecipeDocumentsTests
{
    [Fact]
    public void Schema_in_docs_follows_from_the_records() => InStep("recipe.schema.json", RecipeFormat.Schema());

    [Fact]
    public void Reference_in_docs_follows_from_the_records() => InStep("recipes.md", RecipeFormat.Reference());

    [Fact]
    public void Schema_knows_every_section_and_refuses_other_keys()
    {
        using var schema = JsonDocument.Parse(RecipeFormat.Schema());

        var root = schema.RootElement;

        Assert.False(root.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            [
                "extends", "name", "seed", "corpus", "start", "features", "augment", "model", "pretrain", "train", "evaluate",
                "distribute", "decode", "output",
            ],
            root.GetProperty("properties").EnumerateObject().Select(property => property.Name));
    }

    private static void InStep(string file, string expected)
    {
        var path = Path.Combine(SharedData.Checkout, "docs", file);
        if (Environment.GetEnvironmentVariable("MIMIR_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.Combine(SharedData.Checkout, "docs"));
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
