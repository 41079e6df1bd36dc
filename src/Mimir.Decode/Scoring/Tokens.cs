using System.Text;

namespace Mimir.Decode.Scoring;

/// <summary>Cuts transcripts into the tokens that an error rate counts.</summary>
public static class Tokens
{
    /// <summary>The tokens of a text.</summary>
    /// <param name="text">Words parted by white space.</param>
    /// <param name="unit">
    /// <see cref="ScoreUnit.Character"/> cuts every word into its Unicode code points; a word in angle brackets such as
    /// <c>&lt;UNK&gt;</c> stays whole.
    /// </param>
    /// <param name="ignored">Words to take out first; none unless given.</param>
    public static IReadOnlyList<string> Split(string text, ScoreUnit unit, IReadOnlySet<string>? ignored = null)
    {
        var tokens = new List<string>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (ignored?.Contains(word) == true)
                continue;

            if (unit == ScoreUnit.Word || (word.Length > 2 && word[0] == '<' && word[^1] == '>'))
                tokens.Add(word);
            else
                tokens.AddRange(word.EnumerateRunes().Select((Rune rune) => rune.ToString()));
        }

        return tokens;
    }
}
