using System.Globalization;
using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Values of one kind in order.</summary>
/// <param name="item">The kind of each.</param>
/// <param name="description">The words for the list; null takes them from the items.</param>
internal sealed class ListKind<T>(ValueKind item, string? description) : ValueKind
{
    public override Type Type => typeof(IReadOnlyList<T>);

    public override string Description { get; } = description ?? $"a list, each {item.Description}";

    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        item.Pages(BindContext.Join(path, "<number>"), summary);

    public override YamlNode Merge(YamlNode below, YamlNode above)
    {
        if (below is not ListNode list || above is not MapNode map || !map.Entries.All(entry => IsIndex(entry.Key, list)))
            return above;

        var items = list.Items.ToList();
        foreach (var entry in map.Entries)
        {
            var index = int.Parse(entry.Key, CultureInfo.InvariantCulture);
            items[index] = item.Merge(items[index], entry.Value);
        }

        return list with { Items = items };
    }

    public override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        if (node is not ListNode list)
            return Refuse(node, path, fallback, context);

        context.Note(path, list.Origin);
        var values = new List<T>();
        foreach (var (index, value) in list.Items.Index())
        {
            // An item that cannot be read is missing from the list; its problem refuses the file.
            if (item.Read(value, ItemPath(path, index), null, context) is T read)
                values.Add(read);
        }

        return values.ToArray();
    }

    public override YamlNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) => new ListNode(
        [.. ((IReadOnlyList<T>)value).Select((part, index) => item.Write(part!, ItemPath(path, index), origins)).OfType<YamlNode>()],
        OriginOf(origins, path));

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };

    private static bool IsIndex(string key, ListNode list) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count;

    private static string ItemPath(string path, int index) =>
        BindContext.Join(path, index.ToString(CultureInfo.InvariantCulture));
}
