using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Reads a value from text.</summary>
internal delegate bool TryParse<T>(string text, out T value);

/// <summary>A kind of single value.</summary>
/// <param name="description">What it looks like: <c>a whole number</c>.</param>
/// <param name="parse">Reads it; also says whether it is in range.</param>
/// <param name="format">Writes it.</param>
/// <param name="schema">Makes its JSON schema.</param>
internal sealed class ScalarKind<T>(string description, TryParse<T> parse, Func<T, string> format, Func<JsonObject> schema)
    : ValueKind<T>
{
    public override string Description => description;

    public override T Read(RecipeNode node, string path, T fallback, BindContext context)
    {
        if (node is not ScalarNode { IsNull: false } scalar)
            return Refuse(node, path, fallback, context);

        var problems = context.Problems.Count;
        var text = context.Expand(scalar, path);
        if (context.Problems.Count > problems)
            return fallback;
        return parse(text, out var value) ? value : Refuse(scalar with { Text = text }, path, fallback, context);
    }

    public override RecipeNode Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        new ScalarNode(format(value), Plain: typeof(T) != typeof(string), OriginOf(origins, path));

    public override JsonObject Schema() => schema();
}
