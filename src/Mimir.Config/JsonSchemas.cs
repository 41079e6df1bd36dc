using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Pieces of JSON schema.</summary>
internal static class JsonSchemas
{
    /// <summary>The pattern of a value that holds a variable.</summary>
    public const string Variable = @"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}";

    /// <summary>A schema, or a text with a variable in it.</summary>
    public static JsonObject OrVariable(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "string", ["pattern"] = Variable }) };

    /// <summary>A schema, or null.</summary>
    public static JsonObject OrNull(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    /// <summary>A number between two limits.</summary>
    public static JsonObject Number(string type, double? least, double? most, bool open)
    {
        var schema = new JsonObject { ["type"] = type };
        if (least is { } minimum)
            schema["minimum"] = minimum;
        if (most is { } maximum)
            schema[open ? "exclusiveMaximum" : "maximum"] = maximum;
        return OrVariable(schema);
    }

    /// <summary>One of some words.</summary>
    public static JsonObject Enumeration(IEnumerable<string> words) =>
        OrVariable(new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) });
}
