using Mimir.Base;

namespace Mimir.Config;

/// <summary>Finds the known key that is nearest to an unknown one.</summary>
public static class NearestKey
{
    /// <summary>A hint for a message: <c>did you mean 'rate'?</c>, or the known keys when none is near.</summary>
    /// <param name="unknown">The unknown key.</param>
    /// <param name="known">The known keys.</param>
    public static string Hint(string unknown, IReadOnlyCollection<string> known)
    {
        if (Find(unknown, known) is { } nearest)
            return $"did you mean '{nearest}'?";
        return known.Count == 0 ? "there are no keys here" : $"known are {string.Join(", ", known)}";
    }

    /// <summary>The nearest of the known keys, or null when none is near.</summary>
    /// <param name="unknown">The unknown key.</param>
    /// <param name="known">The known keys.</param>
    public static string? Find(string unknown, IReadOnlyCollection<string> known)
    {
        var word = unknown.ToLowerInvariant().Replace('_', '-');
        var (nearest, distance) = known
            .Select(key => (key, Distance: Spelling.Distance(word, key)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault(("", int.MaxValue));
        if (distance <= Math.Max(1, Math.Max(word.Length, nearest.Length) / 3))
            return nearest;

        // 'learning-rate' for 'rate', 'max' for 'max-active': the longest key that shares a whole part.
        return known.Where(key => Shares(word, key)).OrderByDescending(key => key.Length).FirstOrDefault();
    }

    private static bool Shares(string word, string key) => word.Split('-').Intersect(key.Split('-')).Any(part => part.Length > 2);
}
