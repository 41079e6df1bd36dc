using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Recipes;

/// <summary>The JSON schema of recipes, which editors use to complete and check them as they are typed.</summary>
public static class RecipeSchema
{
    /// <summary>The schema (draft 7) as text: the content of <c>docs/recipe.schema.json</c>.</summary>
    public static string Json()
    {
        var root = RecipeTable.Root.Schema();
        var properties = root["properties"]!.AsObject();
        properties.Insert(0, "extends", new JsonObject
        {
            ["type"] = "string",
            ["description"] = "Another recipe, relative to this one, that is read first; this one is laid over it.",
        });

        // A recipe that extends another may leave everything to it.
        var required = root["required"]!.DeepClone();
        root.Remove("required");
        root["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray("extends") },
            new JsonObject { ["required"] = required });
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", "Mimir recipe");
        using var stream = new MemoryStream();
        var form = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(stream, form))
            root.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
