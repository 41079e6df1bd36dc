using System.Reflection;
using System.Text.Json.Nodes;
using Mimir.Base.Options;

namespace Mimir.Config;

/// <summary>One of several records: a map whose one key names the kind, or the bare name for its defaults.</summary>
public class OneOfKind : ValueKind
{
    private readonly string _noun;
    private readonly IReadOnlyList<RecordOption> _kinds;

    /// <summary>Creates the choice between some kinds of an abstract record.</summary>
    /// <param name="type">The abstract record.</param>
    /// <param name="noun">The words for a value: <c>a layer</c>.</param>
    /// <param name="kinds">The kinds in the order of the reference.</param>
    public OneOfKind(Type type, string noun, IReadOnlyList<RecordOption> kinds) => (Type, _noun, _kinds) = (type, noun, kinds);

    /// <inheritdoc/>
    public override Type Type { get; }

    /// <inheritdoc/>
    public override string Description => $"{_noun}, one of {string.Join(", ", _kinds.Select(kind => kind.Name))}";

    /// <summary>True for an abstract record whose kinds are named by <see cref="KindAttribute"/>.</summary>
    internal static bool HasKinds(Type type) => type.IsDefined(typeof(KindAttribute), inherit: false);

    /// <inheritdoc/>
    public override YamlNode Merge(YamlNode below, YamlNode above) =>
        below is MapNode { Entries: [var old] } && above is MapNode { Entries: [var young] } && old.Key == young.Key
            ? MapMerge.Merge(below, above, key => Find(key)?.Record)
            : above;

    /// <inheritdoc/>
    public override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        var (name, options) = node switch
        {
            MapNode { Entries: [var only] } => (only.Key, only.Value),
            ScalarNode { IsNull: false } scalar => (scalar.Text, new MapNode([], scalar.Origin)),
            _ => ("", node),
        };
        if (Find(name) is { } kind)
            return kind.Record.Read(options, BindContext.Join(path, name), RecordKind.Create(kind.Type), context);

        var hint = node switch
        {
            MapNode { Entries: [var first, _, ..] } when Find(first.Key) is not null =>
                $"; the keys of '{first.Key}' must be indented below it",
            MapNode { Entries.Count: > 1 } => "; expected one key",
            _ when name.Length > 0 => $"; {NearestKey.Hint(name, [.. _kinds.Select(known => known.Name)])}",
            _ => "",
        };
        context.Fail(
            node.Origin, path, $"'{path}': expected {Description}, got {context.Describe(node)}{hint}");
        return fallback;
    }

    /// <inheritdoc/>
    public override YamlNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var kind = _kinds.FirstOrDefault(candidate => candidate.Type == value.GetType())
            ?? throw new ArgumentException($"expected {_noun}, got {value.GetType().Name}", nameof(value));
        var node = kind.Record.Write(value, BindContext.Join(path, kind.Name), origins);
        return new MapNode([new MapEntry(kind.Name, node.Origin, node)], node.Origin);
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var kind in _kinds)
        {
            var schema = JsonSchemas.OrNull(kind.Record.Schema());
            schema["description"] = kind.Summary;
            properties[kind.Name] = schema;
        }

        return new()
        {
            ["anyOf"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = properties,
                    ["additionalProperties"] = false,
                    ["minProperties"] = 1,
                    ["maxProperties"] = 1,
                },
                JsonSchemas.Enumeration(_kinds.Select(kind => kind.Name))),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        _kinds.SelectMany(kind => kind.Record.Pages(BindContext.Join(path, kind.Name), kind.Summary));

    private RecordOption? Find(string name) => _kinds.FirstOrDefault(kind => kind.Name == name);
}

/// <summary>A record that a key may hold.</summary>
/// <param name="Name">The key that names it.</param>
/// <param name="Type">The record.</param>
/// <param name="Summary">Its description.</param>
public sealed record RecordOption(string Name, Type Type, string Summary)
{
    /// <summary>Gets the kind of its value.</summary>
    internal RecordKind Record => RecordKind.Of(Type);

    /// <summary>A record with its defaults; positional properties begin with zeros.</summary>
    /// <param name="type">The record.</param>
    public static object Create(Type type) => RecordKind.Create(type);

    /// <summary>The kinds of an abstract record that its attributes name, described by their XML summaries.</summary>
    /// <param name="type">The abstract record.</param>
    public static IReadOnlyList<RecordOption> Of(Type type) =>
    [
        .. type.GetCustomAttributes<KindAttribute>(inherit: false)
            .Select(kind => new RecordOption(kind.Name, kind.Type, XmlDocs.Summary(kind.Type))),
    ];
}
