namespace Mimir.Decode.Lexicons;

/// <summary>Symbols behind pronunciations, so that none is the same as another or begins it.</summary>
internal static class Disambiguation
{
    /// <summary>Adds the symbols <c>#1</c>, <c>#2</c> … where they are needed (Kaldi: add_lex_disambig.pl).</summary>
    /// <param name="entries">The pronunciations.</param>
    /// <returns>The pronunciations, and the largest number of a symbol; 0 for none.</returns>
    public static (IReadOnlyList<Pronunciation> Entries, int Largest) Add(IReadOnlyList<Pronunciation> entries)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var beginnings = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var phones = Text(entry.Phones);
            counts[phones] = counts.GetValueOrDefault(phones) + 1;
            for (var length = entry.Phones.Count - 1; length > 0; length--)
                beginnings.Add(Text(entry.Phones.Take(length)));
        }

        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        var largest = 0;
        var result = entries.Select(entry =>
        {
            var phones = Text(entry.Phones);
            if (counts[phones] == 1 && !beginnings.Contains(phones))
                return entry;

            used[phones] = used.GetValueOrDefault(phones) + 1;
            largest = Math.Max(largest, used[phones]);
            return entry with { Phones = [.. entry.Phones, $"#{used[phones]}"] };
        }).ToArray();
        return (result, largest);
    }

    private static string Text(IEnumerable<string> phones) => string.Join(' ', phones);
}
