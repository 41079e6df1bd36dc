using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>A record that is read key by key; a key that the table does not name is an error.</summary>
/// <param name="start">The section with its defaults, for the reference and the schema.</param>
/// <param name="fields">The keys in the order in which they are written.</param>
/// <param name="rest">Where other keys go, or null when there are none.</param>
/// <param name="whole">What messages call the file when it is the top of one.</param>
internal sealed class Section<T>(T start, Fields<T> fields, RestField<T>? rest = null, string whole = "the recipe") : ValueKind<T>
    where T : notnull
{
    private static readonly Dictionary<string, ValueOrigin> NoOrigins = [];

    public override string Description =>
        fields.Any() ? $"a map with {string.Join(", ", fields.Select(known => known.Key))}" : "a map of options";

    /// <summary>Gets the keys.</summary>
    public IReadOnlyList<string> Keys { get; } = [.. fields.Select(known => known.Key)];

    public override RecipeNode Merge(RecipeNode below, RecipeNode above) => MapMerge.Merge(below, above, key => Find(key)?.Kind);

    public override T Read(RecipeNode node, string path, T fallback, BindContext context)
    {
        if (node.IsNull)
            node = new MapNode([], node.Origin);
        if (node is not MapNode map)
            return Refuse(node, path, fallback, context);

        context.Note(path, map.Origin);
        var section = fallback;
        foreach (var entry in map.Entries)
        {
            if (Find(entry.Key) is { } field)
                section = field.Read(section, entry.Value, BindContext.Join(path, entry.Key), context);
            else if (rest is null)
                context.Fail(entry.Origin, BindContext.Join(path, entry.Key), Unknown(entry.Key, path));
        }

        foreach (var field in fields.Where(field => field.Required && map.Find(field.Key) is null))
            context.Fail(map.Origin, path, $"'{BindContext.Join(path, field.Key)}' is missing: {field.Summary}");
        return rest is null ? section : rest.With(section, Rest(map, path, rest.Get(fallback), context));
    }

    public override RecipeNode Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var entries = new List<MapEntry>();
        foreach (var field in fields)
        {
            if (field.Write(value, BindContext.Join(path, field.Key), origins) is { } node)
                entries.Add(new MapEntry(field.Key, node.Origin, node));
        }

        foreach (var (key, text) in rest?.Get(value) ?? new Dictionary<string, string>())
        {
            var origin = OriginOf(origins, BindContext.Join(path, key));
            entries.Add(new MapEntry(key, origin, new ScalarNode(text, Plain: true, origin)));
        }

        return new MapNode(entries, OriginOf(origins, path));
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var field in fields)
        {
            var schema = field.Kind.Schema();
            schema["description"] = field.Summary;
            properties[field.Key] = schema;
        }

        var result = new JsonObject { ["type"] = "object", ["properties"] = properties };
        result["additionalProperties"] = rest is null
            ? false
            : new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "array") };
        if (fields.Any(field => field.Required))
            result["required"] = new JsonArray([.. fields.Where(field => field.Required).Select(field => (JsonNode)field.Key)]);
        return result;
    }

    public override IEnumerable<ReferencePage> Pages(string path, string summary)
    {
        var rows = fields.Select(field => new ReferenceRow(
            $"`{field.Key}`",
            field.Kind.Pages("", "").Any() ? "see below" : field.Kind.Description,
            field.Required ? "required" : DefaultOf(field),
            field.Summary));
        if (rest is not null)
            rows = rows.Append(new ReferenceRow("any other key", "a value or a list", "", rest.Summary));
        yield return new ReferencePage(path, summary, [.. rows]);
        foreach (var field in fields)
        {
            foreach (var page in field.Kind.Pages(BindContext.Join(path, field.Key), field.Summary))
                yield return page;
        }
    }

    private string DefaultOf(Field<T> field) => field.Write(start, "", NoOrigins) switch
    {
        MapNode { Entries: [var only] } when field.Kind is IOneOf => only.Key,
        MapNode or null => "",
        ScalarNode { Text: "" } => "",
        var node => YamlText.Flow(node),
    };

    private Field<T>? Find(string key) => fields.FirstOrDefault(field => field.Key == key);

    private string Unknown(string key, string path) =>
        $"unknown key '{key}' in {(path.Length == 0 ? whole : $"'{path}'")}; {NearestKey.Hint(key, Keys)}";

    private Dictionary<string, string> Rest(
        MapNode map, string path, IReadOnlyDictionary<string, string> start, BindContext context)
    {
        var options = new Dictionary<string, string>(start);
        foreach (var entry in map.Entries.Where(entry => Find(entry.Key) is null))
            options[entry.Key] = Option(entry.Value, BindContext.Join(path, entry.Key), context);
        return options;
    }

    /// <summary>A value as text, a list as its values with commas between.</summary>
    private static string Option(RecipeNode node, string path, BindContext context) => node is ListNode list
        ? string.Join(',', list.Items.Select(item => Kinds.Text.Read(item, path, "", context)))
        : Kinds.Text.Read(node, path, "", context);
}
