using System.Text.Json.Nodes;
using Mimir.Base.Options;

namespace Mimir.Config;

/// <summary>Pieces of JSON schema.</summary>
internal static class JsonSchemas
{
    private const string Variable = @"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}";

    /// <summary>A schema, or a text with a variable in it.</summary>
    public static JsonObject OrVariable(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "string", ["pattern"] = Variable }) };

    /// <summary>A schema, or null.</summary>
    public static JsonObject OrNull(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    /// <summary>A number within a range.</summary>
    /// <param name="type">Its type in JSON schema.</param>
    /// <param name="range">The range.</param>
    /// <param name="natural">True where the type has no negative values.</param>
    public static JsonObject Number(string type, OptionAttribute range, bool natural = false)
    {
        var schema = new JsonObject { ["type"] = type };
        var least = natural ? Math.Max(range.Min, 0) : range.Min;
        if (double.IsFinite(least))
            schema[range.MinExcluded ? "exclusiveMinimum" : "minimum"] = least;
        if (double.IsFinite(range.Max))
            schema[range.MaxExcluded ? "exclusiveMaximum" : "maximum"] = range.Max;
        return OrVariable(schema);
    }

    /// <summary>One of some words.</summary>
    public static JsonObject Enumeration(IEnumerable<string> words) =>
        OrVariable(new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) });

    /// <summary>Words as a message lists them: <c>a, b or c</c>.</summary>
    public static string Alternatives(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";
}
