using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-mbr-decode: writes the words of least expected errors, with sausages and times.</summary>
internal sealed class LatticeMbrDecodeTool()
    : KaldiTool<LatticeMbrDecodeTool.Options>(
        "lattice-mbr-decode",
        "Do Minimum Bayes Risk decoding (decoding that aims to minimize the expected word error rate).",
        "<lattice-rspecifier> <transcriptions-wspecifier> [<bayes-risk-wspecifier>] [<sausage-stats-wspecifier>] [<times-wspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeScaleOptions
    {
        /// <summary>Symbol table of words; accepted for scripts that name it.</summary>
        [Option("word-symbol-table")]
        public string WordSymbolTable { get; init; } = "";

        /// <summary>Write the times of the words, not those of all places of the sausage.</summary>
        [Option("one-best-times")]
        public bool OneBestTimes { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var outputs = new OutputTables(io);
        var transcripts = outputs.Add(KaldiTables.IntVector, arguments[1]);
        var risks = outputs.Add(KaldiTables.FloatScalar, arguments.ElementAtOrDefault(2));
        var sausages = outputs.Add(Posterior.Table, arguments.ElementAtOrDefault(3));
        var times = outputs.Add(KaldiTables.FloatPairVector, arguments.ElementAtOrDefault(4));
        var (done, words, risk) = (0, 0, 0.0);
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                var result = Utterance.Run(key, () => MinimumBayesRisk.Decode(lattice.Scale(options.Scale)));
                transcripts?.Invoke(key, [.. result.Words.Select(word => word.Word)]);
                risks?.Invoke(key, (float)result.Risk);
                sausages?.Invoke(key, Posterior.FromPairs(
                    [.. result.Bins.Select(bin => bin.Words.Select(word => (word.Word, word.Confidence)).ToList())]));
                times?.Invoke(key, options.OneBestTimes
                    ? [.. result.Words.Select(word => (word.Begin, word.End))]
                    : [.. result.Bins.Select(bin => (bin.Begin, bin.End))]);
                (done, words, risk) = (done + 1, words + result.Words.Count, risk + result.Risk);
            }
        });
        log.Log($"Done {done} lattices.");
        log.Log($"Average Bayes Risk per sentence is {KaldiLog.Number(risk / done)} and per word, {KaldiLog.Number(risk / words)}");
        return done != 0;
    }
}
