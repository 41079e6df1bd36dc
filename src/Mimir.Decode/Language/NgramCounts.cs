using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Language;

/// <summary>The n-grams of one order in a text, and how often each comes.</summary>
internal sealed class CountLevel
{
    /// <summary>Gets the n-grams, as in <see cref="NgramLevel.Index"/>.</summary>
    public PairIndex Index { get; } = new();

    /// <summary>Gets the counts.</summary>
    public List<long> Counts { get; } = [];

    /// <summary>Gets, for each n-gram, the number of the one without its first word in the level below.</summary>
    public List<int> Suffix { get; } = [];

    /// <summary>Gets, for each n-gram, whether it begins with the start of a sentence.</summary>
    public List<bool> BeginsSentence { get; } = [];
}

/// <summary>Counts the n-grams of a text, within its vocabulary.</summary>
/// <remarks>
/// A level at a time: each position of the text has the number of the n-gram of the level below that ends there, and a pair of the
/// number one position before with the word is the n-gram of this level.
/// </remarks>
internal sealed class NgramCounts
{
    private NgramCounts(SymbolTable words, int order)
    {
        Words = words;
        Levels = [.. Enumerable.Range(0, order).Select(_ => new CountLevel())];
        Start = words.Find(NgramModel.Start);
    }

    /// <summary>Gets the words of the model.</summary>
    public SymbolTable Words { get; }

    /// <summary>Gets the n-grams by order.</summary>
    public CountLevel[] Levels { get; }

    /// <summary>Gets the label of the start of a sentence, which is never predicted.</summary>
    public int Start { get; }

    /// <summary>Counts.</summary>
    /// <exception cref="InputException">The text has no words.</exception>
    public static NgramCounts Of(NgramText text, NgramOptions options)
    {
        if (text.Sentences == 0)
            throw new InputException("the text has no words");

        var (words, map) = Vocabulary(text, options);
        var counts = new NgramCounts(words, options.Order);
        var tokens = new int[text.Tokens.Count + text.Sentences];
        var next = 0;
        var begins = true;
        foreach (var token in text.Tokens)
        {
            if (begins)
                tokens[next++] = counts.Start;

            tokens[next++] = map[token];
            begins = token == 0;
        }

        counts.CountWords(tokens, out var ids);
        for (var level = 1; level < options.Order; level++)
            counts.CountLevel(level, tokens, ids);

        return counts;
    }

    // The labels of the model by those of the text, whose label 0 is the end of a sentence.
    private static (SymbolTable Words, int[] Map) Vocabulary(NgramText text, NgramOptions options)
    {
        var allowed = options.Vocabulary?.Where(IsWord).ToHashSet(StringComparer.Ordinal);
        var found = text.Words.Entries
            .Where(entry => entry.Value > 0 && allowed?.Contains(entry.Key) != false && text.CountOf(entry.Value) >= options.MinCount(1))
            .OrderByDescending(entry => text.CountOf(entry.Value)).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Key);
        var kept = options.MaxWords > 0 ? found.Take(options.MaxWords) : allowed ?? found;
        var words = new SymbolTable();
        foreach (var word in ((string[])["<eps>", NgramModel.Start, NgramModel.End]).Concat(kept.Order(StringComparer.Ordinal)))
            words.Add(word);

        var map = new int[text.Words.Count];
        map[0] = words.Find(NgramModel.End);
        foreach (var (word, label) in text.Words.Entries.Where(entry => entry.Value > 0))
            map[label] = words.Find(word) is >= 0 and var same ? same : words.Add(options.Unknown);

        return (words, map);
    }

    // A words.txt has symbols that are no words.
    private static bool IsWord(string symbol) =>
        symbol is not ("<eps>" or NgramModel.Start or NgramModel.End)
        && !(symbol.Length > 1 && symbol[0] == '#' && symbol.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);

    private void CountWords(int[] tokens, out int[] ids)
    {
        var level = Levels[0];
        foreach (var label in Words.Entries.Select(entry => entry.Value).Where(label => label > 0).Order())
        {
            level.Index.Add(0, label, out _);
            level.Counts.Add(0);
            level.Suffix.Add(0);
            level.BeginsSentence.Add(label == Start);
        }

        ids = new int[tokens.Length];
        var counts = CollectionsMarshal.AsSpan(level.Counts);
        for (var i = 0; i < tokens.Length; i++)
        {
            ids[i] = tokens[i] - 1;
            counts[ids[i]]++;
        }
    }

    // On entry ids has the numbers of the level below, on return those of this one; -1 where the sentence has too few words before.
    private void CountLevel(int number, int[] tokens, int[] ids)
    {
        var level = Levels[number];
        var below = Levels[number - 1];
        var before = -1;
        for (var i = 0; i < tokens.Length; i++)
        {
            var suffix = ids[i];
            ids[i] = -1;
            if (tokens[i] != Start && before >= 0)
            {
                ids[i] = level.Index.Add(before, tokens[i], out var isNew);
                if (isNew)
                {
                    level.Counts.Add(0);
                    level.Suffix.Add(suffix);
                    level.BeginsSentence.Add(below.BeginsSentence[before]);
                }

                level.Counts[ids[i]]++;
            }

            before = suffix;
        }
    }
}
