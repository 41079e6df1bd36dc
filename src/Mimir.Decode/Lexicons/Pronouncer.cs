namespace Mimir.Decode.Lexicons;

/// <summary>Tells how words are spoken that no lexicon has.</summary>
public interface IPronouncer
{
    /// <summary>Finds pronunciations of a word.</summary>
    /// <param name="word">The word.</param>
    /// <returns>The most probable first; none where the word has characters that cannot be spoken.</returns>
    IReadOnlyList<Pronunciation> Pronounce(string word);
}

/// <summary>Completes lexicons.</summary>
public static class LexiconCompletion
{
    /// <summary>Adds the words that a lexicon lacks.</summary>
    /// <param name="lexicon">The lexicon; null starts from none.</param>
    /// <param name="words">The words that are needed; those that the lexicon has stay as they are.</param>
    /// <param name="pronouncer">Finds the pronunciations.</param>
    /// <returns>The lexicon with the new words behind its own, in byte order, and the words that cannot be spoken.</returns>
    public static (Lexicon Lexicon, IReadOnlyList<string> Unspoken) Complete(
        Lexicon? lexicon, IEnumerable<string> words, IPronouncer pronouncer)
    {
        var entries = new List<Pronunciation>(lexicon?.Entries ?? []);
        var unspoken = new List<string>();
        foreach (var word in words.Where(word => lexicon?.Has(word) != true).Distinct(StringComparer.Ordinal).Order(ByteOrder.Instance))
        {
            var found = pronouncer.Pronounce(word);
            entries.AddRange(found);
            if (found.Count == 0)
                unspoken.Add(word);
        }

        return (new Lexicon(entries), unspoken);
    }
}
