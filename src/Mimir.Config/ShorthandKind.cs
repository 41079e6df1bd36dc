using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A record that a bare value may stand for: the value of one of its options.</summary>
/// <typeparam name="TRecord">The record.</typeparam>
/// <param name="key">The option that a bare value is for.</param>
public class ShorthandKind<TRecord>(string key) : ValueKind
    where TRecord : class
{
    private readonly RecordKind _record = RecordKind.Of(typeof(TRecord));

    /// <inheritdoc/>
    public override Type Type => typeof(TRecord);

    /// <inheritdoc/>
    public override string Description => $"{_record.Description}, or the value of '{key}' alone";

    /// <inheritdoc/>
    public override YamlNode Merge(YamlNode below, YamlNode above) =>
        above is MapNode ? _record.Merge(Whole(below), above) : above;

    /// <inheritdoc/>
    public override object? Read(YamlNode node, string path, object? fallback, BindContext context) =>
        _record.Read(Whole(node), path, fallback, context);

    /// <inheritdoc/>
    public override YamlNode? Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        _record.Write(value, path, origins);

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(_record.Schema(), new JsonObject { ["type"] = "string" }),
    };

    /// <inheritdoc/>
    public override IEnumerable<ReferencePage> Pages(string path, string summary) => _record.Pages(path, summary);

    private YamlNode Whole(YamlNode node) => node is ScalarNode { IsNull: false }
        ? new MapNode([new MapEntry(key, node.Origin, node)], node.Origin)
        : node;
}
