using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>linear-to-nbest: makes lattices of a single path from alignments, words and costs.</summary>
internal sealed class LinearToNbestTool()
    : KaldiTool<NoOptions>(
        "linear-to-nbest",
        "This does the opposite of nbest-to-linear.  It takes 4 archives, containing alignments, word-sequences, and acoustic and LM "
            + "costs, and turns it into a single archive containing lattices with a linear structure.",
        "<alignments-rspecifier> <transcriptions-rspecifier> (<lm-cost-rspecifier>|'') (<ac-cost-rspecifier>|'') <nbest-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var words = KaldiTables.IntVector.Open(arguments[1], io);
        using var graphCosts = arguments[2].Length > 0 ? KaldiTables.FloatScalar.Open(arguments[2], io) : null;
        using var acousticCosts = arguments[3].Length > 0 ? KaldiTables.FloatScalar.Open(arguments[3], io) : null;
        var (done, _) = WordLattice.Table.Map(KaldiTables.IntVector.Read(arguments[0], io), arguments[4], io, (key, alignment) =>
        {
            if (!words.TryGet(key, out var spoken))
                throw new InputException($"{arguments[1]}: no transcription for key '{key}'");

            return LinearLattice.Of(alignment, spoken, new(Find(graphCosts, arguments[2], key), Find(acousticCosts, arguments[3], key)));
        });
        log.Log($"Done {done} n-best entries ,0 had errors.");
        return done != 0;
    }

    private static float Find(RandomAccessTable<float>? costs, string table, string key) => costs is null
        ? 0
        : costs.TryGet(key, out var cost) ? cost : throw new InputException($"{table}: no cost for key '{key}'");
}
