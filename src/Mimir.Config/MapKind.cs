using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Values of one kind under names that the user chooses.</summary>
internal sealed class MapKind<T>(ValueKind<T> item, T start, string description) : ValueKind<IReadOnlyDictionary<string, T>>
{
    public override string Description => description;

    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        item.Pages(BindContext.Join(path, "<name>"), summary);

    public override RecipeNode Merge(RecipeNode below, RecipeNode above) =>
        MapMerge.Merge(below, above, _ => item);

    public override IReadOnlyDictionary<string, T> Read(
        RecipeNode node, string path, IReadOnlyDictionary<string, T> fallback, BindContext context)
    {
        if (node is not MapNode map)
            return Refuse(node, path, fallback, context);

        var values = new OrderedDictionary<string, T>();
        foreach (var entry in map.Entries)
            values[entry.Key] = item.Read(entry.Value, BindContext.Join(path, entry.Key), start, context);
        return values;
    }

    public override RecipeNode? Write(
        IReadOnlyDictionary<string, T> value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var entries = new List<MapEntry>();
        foreach (var (key, part) in value)
        {
            if (item.Write(part, BindContext.Join(path, key), origins) is { } node)
                entries.Add(new MapEntry(key, node.Origin, node));
        }

        return entries.Count == 0 ? null : new MapNode(entries, OriginOf(origins, path));
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = item.Schema() };
}
