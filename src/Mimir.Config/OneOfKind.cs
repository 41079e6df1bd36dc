using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Marks kinds of which the file names one variant.</summary>
internal interface IOneOf;

/// <summary>One of several records: a map whose one key names the variant, or the bare name for its defaults.</summary>
/// <param name="what">What the variants are: <c>a layer</c>.</param>
/// <param name="variants">The variants by name.</param>
internal sealed class OneOfKind<T>(string what, IReadOnlyList<Variant<T>> variants) : ValueKind<T>, IOneOf
    where T : class
{
    public override string Description => $"{what}, one of {string.Join(", ", variants.Select(variant => variant.Name))}";

    public override RecipeNode Merge(RecipeNode below, RecipeNode above) =>
        below is MapNode { Entries: [var old] } && above is MapNode { Entries: [var young] } && old.Key == young.Key
            ? MapMerge.Merge(below, above, key => Find(key)?.Kind)
            : above;

    public override T Read(RecipeNode node, string path, T fallback, BindContext context)
    {
        var (name, options) = node switch
        {
            MapNode { Entries: [var only] } => (only.Key, only.Value),
            ScalarNode { IsNull: false } scalar => (scalar.Text, new MapNode([], scalar.Origin)),
            _ => ("", node),
        };
        if (Find(name) is { } variant)
            return variant.Read(options, BindContext.Join(path, name), context);

        var hint = node switch
        {
            MapNode { Entries: [var first, _, ..] } when Find(first.Key) is not null =>
                $"; the keys of '{first.Key}' must be indented below it",
            MapNode { Entries.Count: > 1 } => "; expected one key",
            _ when name.Length > 0 => $"; {NearestKey.Hint(name, [.. variants.Select(known => known.Name)])}",
            _ => "",
        };
        context.Fail(
            node.Origin, path, $"'{path}': expected {Description}, got {context.Describe(node)}{hint}");
        return fallback;
    }

    public override RecipeNode Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var variant = variants.First(candidate => candidate.Matches(value));
        var node = variant.Write(value, BindContext.Join(path, variant.Name), origins);
        return new MapNode([new MapEntry(variant.Name, node.Origin, node)], node.Origin);
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var variant in variants)
        {
            var schema = JsonSchemas.OrNull(variant.Kind.Schema());
            schema["description"] = variant.Summary;
            properties[variant.Name] = schema;
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
                JsonSchemas.Enumeration(variants.Select(variant => variant.Name))),
        };
    }

    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        variants.SelectMany(variant => variant.Kind.Pages(BindContext.Join(path, variant.Name), variant.Summary));

    private Variant<T>? Find(string name) => variants.FirstOrDefault(variant => variant.Name == name);
}

/// <summary>One of the records that a key may hold.</summary>
/// <param name="Name">The key that names it.</param>
/// <param name="Summary">What it is.</param>
internal abstract record Variant<T>(string Name, string Summary)
{
    /// <summary>Gets the kind of its options.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Whether a value is this variant.</summary>
    public abstract bool Matches(T value);

    /// <summary>Reads the options, starting from the variant's defaults.</summary>
    public abstract T Read(RecipeNode node, string path, BindContext context);

    /// <summary>Turns a value back into a node.</summary>
    public abstract RecipeNode Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins);
}

/// <summary>One of the records that a key may hold, of type <typeparamref name="TVariant"/>.</summary>
/// <param name="Name">The key that names it.</param>
/// <param name="Start">The record with its defaults.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Fields">Its keys.</param>
internal sealed record Variant<T, TVariant>(string Name, TVariant Start, string Summary, Fields<TVariant> Fields)
    : Variant<T>(Name, Summary)
    where TVariant : class, T
{
    private readonly Section<TVariant> _section = new(Start, Fields);

    public override ValueKind Kind => _section;

    public override bool Matches(T value) => value is TVariant;

    public override T Read(RecipeNode node, string path, BindContext context) => _section.Read(node, path, Start, context);

    public override RecipeNode Write(T value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        value is TVariant variant
            ? _section.Write(variant, path, origins)
            : throw new ArgumentException($"expected a {typeof(TVariant).Name}", nameof(value));
}
