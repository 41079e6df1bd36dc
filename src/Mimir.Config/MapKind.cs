using System.Globalization;
using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Values of one kind under keys that the user chooses: names or whole numbers.</summary>
/// <param name="item">The kind of each value.</param>
/// <param name="description">The words for the map; null takes them from the values.</param>
internal sealed class MapKind<TKey, T>(ValueKind item, string? description) : ValueKind
    where TKey : IParsable<TKey>
{
    public override Type Type => typeof(IReadOnlyDictionary<TKey, T>);

    public override string Description { get; } = description ?? $"a map, each value {item.Description}";

    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        item.Pages(BindContext.Join(path, "<name>"), summary);

    public override YamlNode Merge(YamlNode below, YamlNode above) => MapMerge.Merge(below, above, _ => item);

    public override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        if (node is not MapNode map)
            return Refuse(node, path, fallback, context);

        var values = new OrderedDictionary<TKey, T>();
        foreach (var entry in map.Entries)
        {
            var key = BindContext.Join(path, entry.Key);
            if (!TKey.TryParse(entry.Key, CultureInfo.InvariantCulture, out var name))
                context.Fail(entry.Origin, key, $"'{path}': expected {Description}, got the key '{entry.Key}'");
            else if (item.Read(entry.Value, key, null, context) is T value)
                values[name] = value;
        }

        return values;
    }

    public override YamlNode? Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var entries = new List<MapEntry>();
        foreach (var (name, part) in (IReadOnlyDictionary<TKey, T>)value)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{name}");
            if (item.Write(part!, BindContext.Join(path, key), origins) is { } node)
                entries.Add(new MapEntry(key, node.Origin, node));
        }

        return entries.Count == 0 ? null : new MapNode(entries, OriginOf(origins, path));
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = item.Schema() };
}

/// <summary>Lays one map over another.</summary>
internal static class MapMerge
{
    /// <summary>Keeps the keys of both; where both have one, its kind decides.</summary>
    /// <param name="below">The earlier value.</param>
    /// <param name="above">The later value; anything but a map replaces the earlier one.</param>
    /// <param name="kindOf">The kind of value under a key, or null for an unknown key.</param>
    public static YamlNode Merge(YamlNode below, YamlNode above, Func<string, ValueKind?> kindOf)
    {
        if (below is not MapNode old || above is not MapNode young)
            return above;

        var entries = old.Entries.ToList();
        foreach (var entry in young.Entries)
        {
            var index = entries.FindIndex(other => other.Key == entry.Key);
            if (index < 0)
                entries.Add(entry);
            else
                entries[index] = entry with { Value = kindOf(entry.Key)?.Merge(entries[index].Value, entry.Value) ?? entry.Value };
        }

        return old with { Entries = entries };
    }
}
