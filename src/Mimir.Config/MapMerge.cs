namespace Mimir.Config;

/// <summary>Lays one map over another.</summary>
internal static class MapMerge
{
    /// <summary>Keeps the keys of both; where both have one, its kind decides.</summary>
    /// <param name="below">The earlier value.</param>
    /// <param name="above">The later value; anything but a map replaces the earlier one.</param>
    /// <param name="kindOf">The kind of value under a key, or null when nothing is known of it.</param>
    public static RecipeNode Merge(RecipeNode below, RecipeNode above, Func<string, ValueKind?> kindOf)
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
                entries[index] = entry with { Value = Value(kindOf(entry.Key), entries[index].Value, entry.Value) };
        }

        return old with { Entries = entries };
    }

    private static RecipeNode Value(ValueKind? kind, RecipeNode below, RecipeNode above) => kind?.Merge(below, above) ?? above;
}
