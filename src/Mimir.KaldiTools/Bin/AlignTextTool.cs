using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>align-text: aligns the words of two transcriptions.</summary>
internal sealed class AlignTextTool()
    : KaldiTool<AlignTextTool.Options>(
        "align-text",
        "Computes alignment between two sentences with the same key in the two given input text-rspecifiers, by Levenshtein distance; "
            + "lines are 'key a a ; b <eps> ; c c'.",
        "<text1-rspecifier> <text2-rspecifier> <alignment-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Symbol that stands for the missing word of a pair.</summary>
        [Option("special-symbol")]
        public string SpecialSymbol { get; init; } = "<eps>";

        /// <summary>Symbol between pairs.</summary>
        [Option("separator")]
        public string Separator { get; init; } = ";";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var others = KaldiTables.TokenVector.Open(arguments[1], io);
        var (done, failed) = KaldiTables.TokenVector.Map(
            KaldiTables.TokenVector.Read(arguments[0], io), arguments[2], io, (key, text) =>
            {
                if (!others.TryGet(key, out var other))
                {
                    log.Warning($"Key {key} is in {arguments[0]}, but not in {arguments[1]}");
                    return null;
                }

                Check("text1", key, text, options.SpecialSymbol);
                Check("text2", key, other, options.SpecialSymbol);
                return Align(text, other, options).ToArray();
            });
        log.Log($"Done {done} sentences, failed for {failed}");
        return done != 0;
    }

    private static void Check(string name, string key, string[] text, string special)
    {
        if (text.Contains(special, StringComparer.Ordinal))
            throw new InputException($"In {name}, the utterance {key} contains the special symbol '{special}'. This is not allowed.");
    }

    // Traced from the end, among equal costs first a pair, then a word of the first text alone.
    private static IEnumerable<string> Align(string[] text, string[] other, Options options)
    {
        var costs = new int[text.Length + 1, other.Length + 1];
        for (var i = 0; i <= text.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
                costs[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Pair(i, j), Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
        }

        var pairs = new Stack<(string First, string Second)>();
        for (var (i, j) = (text.Length, other.Length); i > 0 || j > 0;)
        {
            if (i > 0 && j > 0 && costs[i, j] == Pair(i, j))
                pairs.Push((text[--i], other[--j]));
            else if (j == 0 || (i > 0 && costs[i - 1, j] <= costs[i, j - 1]))
                pairs.Push((text[--i], options.SpecialSymbol));
            else
                pairs.Push((options.SpecialSymbol, other[--j]));
        }

        var first = true;
        foreach (var (one, two) in pairs)
        {
            if (!first)
                yield return options.Separator;

            first = false;
            yield return one;
            yield return two;
        }

        int Pair(int i, int j) => costs[i - 1, j - 1] + (text[i - 1] == other[j - 1] ? 0 : 1);
    }
}
