using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Mimir.Base.Options;

namespace Mimir.Config;

/// <summary>A record whose options are the keys of a map; any other key is an error.</summary>
internal sealed class RecordKind : ValueKind
{
    private static readonly ConcurrentDictionary<Type, RecordKind> Known = new();
    private static readonly Dictionary<string, ValueOrigin> NoOrigins = [];

    private readonly List<Field> _fields;
    private readonly PropertyInfo? _others;
    private readonly string? _othersSummary;

    private RecordKind(Type type)
    {
        // The options of abstract bases, which other records have too, come after the record's own.
        Type = type;
        _fields = [.. Option.Of(type).OrderBy(option => Distance(type, option)).Select(option => new Field(option, ValueKinds.Of(option)))];
        _others = type.GetProperties().FirstOrDefault(property => property.IsDefined(typeof(OtherKeysAttribute)));
        _othersSummary = _others is null ? null : XmlDocs.Summary(_others);
    }

    /// <inheritdoc/>
    public override Type Type { get; }

    /// <inheritdoc/>
    public override string Description => _fields.Count > 0 ? $"a map with {string.Join(", ", Keys)}" : "a map of options";

    /// <summary>Gets the keys in the order of the options.</summary>
    public IEnumerable<string> Keys => _fields.Select(known => known.Key);

    /// <summary>Gets or sets the words for the file when the record is the top of one.</summary>
    public string Whole { get; init; } = "the file";

    /// <summary>The kind of a record type.</summary>
    public static RecordKind Of(Type type) => Known.GetOrAdd(type, static type => new(type));

    /// <summary>The kind of the record at the top of a file.</summary>
    public static RecordKind Top(Type type, string whole) => new(type) { Whole = whole };

    /// <summary>Makes a record with its defaults.</summary>
    public static object Create(Type type)
    {
        // A record without a constructor of no parameters, such as one with positional properties, begins with zeros in these.
        var constructor = type.GetConstructors().MinBy(candidate => candidate.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type.Name} has no public constructor");
        return constructor.Invoke([.. constructor.GetParameters().Select(DefaultOf)]);
    }

    /// <inheritdoc/>
    public override YamlNode Merge(YamlNode below, YamlNode above) => MapMerge.Merge(below, above, key => Find(key)?.Kind);

    /// <inheritdoc/>
    public override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        if (node.IsNull)
            node = new MapNode([], node.Origin);
        if (node is not MapNode map)
            return Refuse(node, path, fallback, context);

        context.Note(path, map.Origin);
        var record = fallback ?? Create(Type);
        foreach (var entry in map.Entries)
        {
            if (Find(entry.Key) is { } field)
            {
                var value = field.Kind.Read(entry.Value, BindContext.Join(path, entry.Key), field.Option.Get(record), context);
                record = field.Option.WithValue(record, value);
            }
            else if (_others is null)
            {
                context.Fail(entry.Origin, BindContext.Join(path, entry.Key), Unknown(entry.Key, path));
            }
        }

        foreach (var field in _fields.Where(field => field.Option.Attribute.Required && map.Find(field.Key) is null))
            context.Fail(map.Origin, path, $"'{BindContext.Join(path, field.Key)}' is missing: {field.Option.Description}");
        return _others is null ? record : WithOthers(record, map, path, context);
    }

    /// <inheritdoc/>
    public override MapNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var entries = new List<MapEntry>();
        foreach (var field in _fields)
        {
            if (field.Write(value, BindContext.Join(path, field.Key), origins) is { } node)
                entries.Add(new MapEntry(field.Key, node.Origin, node));
        }

        foreach (var (key, text) in Others(value))
        {
            var origin = OriginOf(origins, BindContext.Join(path, key));
            entries.Add(new MapEntry(key, origin, new ScalarNode(text, Plain: true, origin)));
        }

        return new MapNode(entries, OriginOf(origins, path));
    }

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in _fields)
        {
            var schema = field.Kind.Schema();
            schema["description"] = field.Option.Description;
            properties[field.Key] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties };
        result["additionalProperties"] = _others is null
            ? false
            : new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "array") };
        var required = _fields.Where(field => field.Option.Attribute.Required).Select(field => (JsonNode)field.Key).ToArray();
        if (required.Length > 0)
            result["required"] = new JsonArray(required);
        return result;
    }

    /// <inheritdoc/>
    public override IEnumerable<ReferencePage> Pages(string path, string summary)
    {
        var start = Create(Type);
        var rows = _fields.Select(field => new ReferenceRow(
            $"`{field.Key}`",
            field.Kind.Pages("", "").Any() ? "see below" : field.Kind.Description,
            field.Option.Attribute.Required ? "required" : DefaultOf(field, start),
            field.Option.Description));
        if (_othersSummary is not null)
            rows = rows.Append(new ReferenceRow("any other key", "a value or a list", "", _othersSummary));
        yield return new ReferencePage(path, summary, [.. rows]);
        foreach (var field in _fields)
        {
            foreach (var page in field.Kind.Pages(BindContext.Join(path, field.Key), field.Option.Description))
                yield return page;
        }
    }

    private static int Distance(Type type, Option option)
    {
        var owner = option.Path.Count > 0 ? option.Path[0].DeclaringType : option.Property.DeclaringType;
        var distance = 0;
        for (var derived = type; owner is { IsAbstract: true } && derived != owner; derived = derived?.BaseType)
            distance++;

        return distance;
    }

    private static object? DefaultOf(ParameterInfo parameter) => parameter.HasDefaultValue
        ? parameter.DefaultValue
        : parameter.ParameterType.IsValueType ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType) : null;

    private static string DefaultOf(Field field, object start) => field.Write(start, "", NoOrigins) switch
    {
        MapNode { Entries: [var only] } when field.Kind is OneOfKind => only.Key,
        MapNode or null => "",
        ScalarNode { Text: "" } => "",
        var node => YamlText.Flow(node),
    };

    private Field? Find(string key) => _fields.Find(field => field.Key == key);

    private string Unknown(string key, string path) =>
        $"unknown key '{key}' in {(path.Length == 0 ? Whole : $"'{path}'")}; {NearestKey.Hint(key, [.. Keys])}";

    private IReadOnlyDictionary<string, string> Others(object record) =>
        _others?.GetValue(record) as IReadOnlyDictionary<string, string> ?? new Dictionary<string, string>();

    private object WithOthers(object record, MapNode map, string path, BindContext context)
    {
        var others = new Dictionary<string, string>(Others(record));
        foreach (var entry in map.Entries.Where(entry => Find(entry.Key) is null))
            others[entry.Key] = TextOf(entry.Value, BindContext.Join(path, entry.Key), context);

        return new Option(_others!, new(""), []).WithValue(record, others);
    }

    // A value as text, a list as its values with commas between.
    private static string TextOf(YamlNode node, string path, BindContext context) => node is ListNode list
        ? string.Join(',', list.Items.Select(item => TextOf(item, path, context)))
        : new TextKind().Read(node, path, "", context) as string ?? "";

    private sealed record Field(Option Option, ValueKind Kind)
    {
        public string Key => Option.Name;

        public YamlNode? Write(object record, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
            Option.Get(record) is { } value ? Kind.Write(value, path, origins) : null;
    }
}
