namespace Mimir.Base;

/// <summary>Tells how far words are from each other, to name the one that somebody meant.</summary>
public static class Spelling
{
    /// <summary>The word that was probably meant, or null when none is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="known">The words that exist.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var (name, distance) = known
            .Select(name => (name, Distance: Distance(word, name)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault(("", int.MaxValue));
        return distance <= Math.Max(2, word.Length / 3) && distance < word.Length ? name : null;
    }

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
