using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mimir.Cli.Json;

/// <summary>Results as JSON for scripts; docs/json.md describes the form of each command.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions LineForm = new(Form) { WriteIndented = false };

    /// <summary>The option that asks for it.</summary>
    internal static Option<bool> CreateOption() => new("--json") { Description = "Print the result as JSON (docs/json.md)." };

    /// <summary>Prints a result on standard output.</summary>
    internal static void Print(JsonObject result) => Console.Out.Write(Text(result));

    /// <summary>A result as text.</summary>
    internal static string Text(JsonObject result) => result.ToJsonString(Form) + "\n";

    /// <summary>A result as one line of text, for streams.</summary>
    internal static string Line(JsonObject result) => result.ToJsonString(LineForm);

    /// <summary>A number; null where there is none that JSON has.</summary>
    internal static JsonNode? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    /// <summary>A list.</summary>
    internal static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];

    /// <summary>A list of texts.</summary>
    internal static JsonArray List(IEnumerable<string> items) => List(items, text => JsonValue.Create(text));
}
