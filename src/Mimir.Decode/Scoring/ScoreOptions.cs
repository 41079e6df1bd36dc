using System.Text;
using System.Text.RegularExpressions;

namespace Mimir.Decode.Scoring;

/// <summary>The unit of an error rate.</summary>
public enum ScoreUnit
{
    /// <summary>Words between white space: the word error rate.</summary>
    Word,

    /// <summary>
    /// Characters: every Chinese character and every Latin letter is one token, a mark such as <c>[noise]</c> is one too; the
    /// character error rate.
    /// </summary>
    Character,
}

/// <summary>Treatment of utterances with a reference but no hypothesis.</summary>
public enum MissingHypothesis
{
    /// <summary>All its tokens count as deleted, as Kaldi's <c>compute-wer --mode=all</c> does; the default.</summary>
    CountAsDeleted,

    /// <summary>It is left out and counted as not scored, as <c>compute-wer --mode=present</c> does.</summary>
    LeaveOut,
}

/// <summary>Options of scoring.</summary>
public sealed record ScoreOptions
{
    /// <summary>Gets the unit of the error rate.</summary>
    public ScoreUnit Unit { get; init; } = ScoreUnit.Word;

    /// <summary>Gets the treatment of utterances without hypothesis.</summary>
    public MissingHypothesis Missing { get; init; } = MissingHypothesis.CountAsDeleted;

    /// <summary>
    /// Gets the words that are taken out of references and hypotheses alike before they are compared, such as
    /// <c>&lt;UNK&gt;</c>; none by default, as in Kaldi without a <c>local/wer_output_filter</c>.
    /// </summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Gets the name of the measure in reports: WER or CER.</summary>
    public string Measure => Unit == ScoreUnit.Word ? "WER" : "CER";
}

/// <summary>Splits transcripts into the tokens of an error rate, as Kaldi's score_kaldi_wer.sh and score_kaldi_cer.sh do.</summary>
public static partial class Tokens
{
    /// <summary>The tokens of a text.</summary>
    /// <param name="text">Words separated by white space.</param>
    /// <param name="unit"><see cref="ScoreUnit.Character"/> splits every word into its Unicode code points; a word with
    /// <c>[…]</c>, <c>&lt;…&gt;</c> or <c>!SIL</c> in it stays whole.</param>
    /// <param name="ignored">Words to remove first; may be null.</param>
    public static IReadOnlyList<string> Split(string text, ScoreUnit unit, IReadOnlySet<string>? ignored = null)
    {
        var tokens = new List<string>();
        foreach (var word in Words(text))
        {
            if (ignored?.Contains(word) == true)
                continue;

            if (unit == ScoreUnit.Word || Mark().IsMatch(word))
                tokens.Add(word);
            else
                tokens.AddRange(word.EnumerateRunes().Select((Rune rune) => rune.ToString()));
        }

        return tokens;
    }

    /// <summary>The words of a text: what stands between white space.</summary>
    internal static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\[.*\]|<.*>|!SIL")]
    private static partial Regex Mark();
}
