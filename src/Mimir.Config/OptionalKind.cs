using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A value or section that may be absent: null in the record, <c>~</c> or nothing in the file.</summary>
internal sealed class OptionalKind(ValueKind kind) : ValueKind
{
    public override Type Type => kind.Type;

    public override string Description => kind.Description;

    public override IEnumerable<ReferencePage> Pages(string path, string summary) => kind.Pages(path, summary);

    public override YamlNode Merge(YamlNode below, YamlNode above) => kind.Merge(below, above);

    public override object? Read(YamlNode node, string path, object? fallback, BindContext context) =>
        node.IsNull ? null : kind.Read(node, path, null, context);

    public override YamlNode? Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        kind.Write(value, path, origins);

    public override JsonObject Schema() => JsonSchemas.OrNull(kind.Schema());
}
