using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A value or section that may be absent: null in the typed recipe, <c>~</c> or nothing in the file.</summary>
internal sealed class OptionalKind<T>(ValueKind<T> kind, T start) : ValueKind<T?>
    where T : class
{
    public override string Description => kind.Description;

    public override IEnumerable<ReferencePage> Pages(string path, string summary) => kind.Pages(path, summary);

    public override RecipeNode Merge(RecipeNode below, RecipeNode above) => kind.Merge(below, above);

    public override T? Read(RecipeNode node, string path, T? fallback, BindContext context) =>
        node.IsNull ? null : kind.Read(node, path, start, context);

    public override RecipeNode? Write(T? value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        value is null ? null : kind.Write(value, path, origins);

    public override JsonObject Schema() => JsonSchemas.OrNull(kind.Schema());
}

/// <summary>A number that may be absent: null in the typed recipe, <c>~</c> or nothing in the file.</summary>
internal sealed class OptionalNumber<T>(ValueKind<T> kind) : ValueKind<T?>
    where T : struct
{
    public override string Description => kind.Description;

    public override T? Read(RecipeNode node, string path, T? fallback, BindContext context) =>
        node.IsNull ? null : kind.Read(node, path, default, context);

    public override RecipeNode? Write(T? value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        value is { } number ? kind.Write(number, path, origins) : null;

    public override JsonObject Schema() => JsonSchemas.OrNull(kind.Schema());
}
