using System.Globalization;
using System.Text.Json.Nodes;

namespace Mimir.Config;

/// <summary>Values of one kind in order.</summary>
/// <param name="item">The kind of each.</param>
/// <param name="start">What an item is before its keys are read.</param>
/// <param name="description">What the list looks like.</param>
internal sealed class ListKind<T>(ValueKind<T> item, T start, string description) : ValueKind<IReadOnlyList<T>>
{
    public override string Description => description;

    public override IEnumerable<ReferencePage> Pages(string path, string summary) =>
        item.Pages(BindContext.Join(path, "<number>"), summary);

    public override RecipeNode Merge(RecipeNode below, RecipeNode above)
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

    public override IReadOnlyList<T> Read(RecipeNode node, string path, IReadOnlyList<T> fallback, BindContext context)
    {
        if (node is not ListNode list)
            return Refuse(node, path, fallback, context);

        context.Note(path, list.Origin);
        return [.. list.Items.Select((value, index) => item.Read(value, ItemPath(path, index), start, context))];
    }

    public override RecipeNode Write(IReadOnlyList<T> value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        new ListNode(
            [.. value.Select((part, index) => item.Write(part, ItemPath(path, index), origins)).OfType<RecipeNode>()],
            OriginOf(origins, path));

    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };

    private static bool IsIndex(string key, ListNode list) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count;

    private static string ItemPath(string path, int index) =>
        BindContext.Join(path, index.ToString(CultureInfo.InvariantCulture));
}
