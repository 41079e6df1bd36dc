using Mimir.Base;

namespace Mimir.Corpus.Digits;

/// <summary>The text of an utterance.</summary>
/// <param name="Words">Indices into <see cref="DigitLexicon.Words"/>.</param>
/// <param name="Pinyin">The same for the synthesiser, with commas where the speaker pauses.</param>
internal sealed record DigitPhrase(IReadOnlyList<int> Words, string Pinyin)
{
    private const double PauseChance = 0.12;

    /// <summary>Gets the transcript: characters separated by spaces.</summary>
    public string Text => string.Join(' ', Words.Select(word => DigitLexicon.Words[word].Character));

    /// <summary>Draws a string of digits: all lengths and all words are equally likely.</summary>
    /// <param name="shortest">The smallest number of digits.</param>
    /// <param name="longest">The greatest number of digits.</param>
    /// <param name="random">The random numbers of this utterance.</param>
    public static DigitPhrase Draw(int shortest, int longest, SeededRandom random)
    {
        var words = new int[shortest + random.Below(longest - shortest + 1)];
        var pinyin = new string[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = random.Below(DigitLexicon.Words.Count);
            var pause = i + 1 < words.Length && random.Chance(PauseChance);
            pinyin[i] = DigitLexicon.Words[words[i]].Pinyin + (pause ? "," : "");
        }

        return new DigitPhrase(words, string.Join(' ', pinyin));
    }
}
