namespace Mimir.Train.Recipes.Binding;

/// <summary>Finds the key that somebody meant.</summary>
internal static class NearestKey
{
    /// <summary>A phrase that helps on: <c>did you mean 'rate'?</c>, or the known keys when none is near.</summary>
    public static string Hint(string unknown, IReadOnlyCollection<string> known)
    {
        if (Find(unknown, known) is { } nearest)
            return $"did you mean '{nearest}'?";
        return known.Count == 0 ? "there are no keys here" : $"known are {string.Join(", ", known)}";
    }

    /// <summary>The nearest of the known keys, or null when none is near.</summary>
    public static string? Find(string unknown, IReadOnlyCollection<string> known)
    {
        var word = unknown.ToLowerInvariant().Replace('_', '-');
        var (nearest, distance) = known
            .Select(key => (key, Distance: Distance(word, key)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault(("", int.MaxValue));
        if (distance <= Math.Max(1, Math.Max(word.Length, nearest.Length) / 3))
            return nearest;

        // 'learning-rate' for 'rate', 'max' for 'max-active': the longest key that shares a whole part.
        return known.Where(key => Shares(word, key)).OrderByDescending(key => key.Length).FirstOrDefault();
    }

    private static bool Shares(string word, string key) => word.Split('-').Intersect(key.Split('-')).Any(part => part.Length > 2);

    /// <summary>
    /// The fewest letters to insert, delete, replace or swap with a neighbour (optimal string alignment distance).
    /// </summary>
    public static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replace, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    table[i, j] = Math.Min(table[i, j], 1 + table[i - 2, j - 2]);
            }
        }

        return table[left.Length, right.Length];
    }
}
