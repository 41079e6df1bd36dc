using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-to-ctm-conf: writes words with times and confidences.</summary>
internal sealed class LatticeToCtmConfTool()
    : KaldiTool<LatticeToCtmConfTool.Options>(
        "lattice-to-ctm-conf",
        "Turns a lattice into a ctm with confidences, based on the posterior probabilities in the lattice; the words are the "
            + "1-best, or those of <1best-rspecifier>, refined by Minimum Bayes Risk decoding. (Times need word-aligned lattices.)",
        "<lattice-rspecifier> [<1best-rspecifier>] [<times-rspecifier>] <ctm-wxfilename>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : InverseScaleOptions
    {
        /// <summary>Seconds from frame to frame.</summary>
        [Option("frame-shift")]
        public float FrameShift { get; init; } = 0.01f;

        /// <summary>Decimal places of times and confidences.</summary>
        [Option("confidence-digits", Min = 0)]
        public int Digits { get; init; } = 2;

        /// <summary>Refine the words by Minimum Bayes Risk decoding; otherwise they stay.</summary>
        [Option("decode-mbr")]
        public bool Decode { get; init; } = true;

        /// <summary>Write the places between words too, as word 0.</summary>
        [Option("print-silence")]
        public bool PrintSilence { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var ctm = arguments[^1];
        if (Wspecifier.IsTable(ctm))
            throw new InputException($"'{ctm}': expected a file for ctm lines, not a table; for the standard output give -.");

        using var words = arguments.Count > 2 ? KaldiTables.IntVector.Open(arguments[1], io) : null;
        var (done, wordCount, risk) = (0, 0, 0.0);
        KaldiOutput.WriteOne(ctm, false, writer =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                int[]? first = null;
                if (words?.TryGet(key, out first) == false)
                {
                    log.Warning($"No 1-best present for utterance {key}");
                    continue;
                }

                var result = Utterance.Run(key, () => MinimumBayesRisk.Decode(
                    lattice.Scale(options.Scale),
                    new() { Decode = options.Decode, KeepSilence = options.PrintSilence },
                    first));
                foreach (var word in result.Words)
                    writer.WriteText(Line(key, word, options));

                var mean = result.Words.Sum(word => (double)word.Confidence) / result.Words.Count;
                log.Log(
                    $"For utterance {key}, Bayes Risk {KaldiLog.Number(result.Risk)}, avg. confidence per-word {KaldiLog.Number(mean)}");
                (done, wordCount, risk) = (done + 1, wordCount + result.Words.Count, risk + result.Risk);
            }
        }, io);
        log.Log($"Done {done} lattices.");
        log.Log(
            $"Overall average Bayes Risk per sentence is {KaldiLog.Number(risk / done)} and per word, {KaldiLog.Number(risk / wordCount)}");
        return done != 0;
    }

    private static string Line(string key, ConfidentWord word, Options options)
    {
        var begin = Text(options.FrameShift * word.Begin);
        var length = Text(options.FrameShift * (word.End - word.Begin));
        return $"{key} 1 {begin} {length} {word.Word} {Text(word.Confidence)}\n";

        string Text(float value) => ((double)value).ToString($"F{options.Digits}", CultureInfo.InvariantCulture);
    }
}
