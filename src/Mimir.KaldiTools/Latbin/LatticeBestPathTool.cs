using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-best-path: writes words and alignment of the best path.</summary>
internal sealed class LatticeBestPathTool()
    : KaldiTool<LatticeBestPathTool.Options>(
        "lattice-best-path",
        "Generate 1-best path through lattices; output as transcriptions and alignments",
        "<lattice-rspecifier> [<transcriptions-wspecifier>] [<alignments-wspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeScaleOptions
    {
        /// <summary>Symbol table of words, to log them.</summary>
        [Option("word-symbol-table")]
        public string WordSymbolTable { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var names = options.WordSymbolTable.Length > 0 ? SymbolNames.Read(options.WordSymbolTable, io) : null;
        using var outputs = new OutputTables(io);
        var words = outputs.Add(KaldiTables.IntVector, arguments.ElementAtOrDefault(1));
        var alignments = outputs.Add(KaldiTables.IntVector, arguments.ElementAtOrDefault(2));
        var (done, failed, frames) = (0, 0, 0L);
        var total = LatticeWeight.One;
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                if (BestPath.Find(lattice.Scale(options.Scale), 1) is not { } path)
                {
                    log.Warning($"Best-path failed for key {key}");
                    failed++;
                    continue;
                }

                log.Log(
                    $"For utterance {key}, best cost {Cost(path.Weight)} over {path.Alignment.Count} frames.");
                words?.Invoke(key, [.. path.Words]);
                alignments?.Invoke(key, [.. path.Alignment]);
                if (names is not null)
                    log.Plain(names.Line(key, path.Words));

                done++;
                frames += path.Alignment.Count;
                total = total.Times(path.Weight);
            }
        });

        log.Log(
            $"Overall cost per frame is {KaldiLog.Number((total.Graph + total.Acoustic) / frames)} = "
            + $"{KaldiLog.Number(total.Graph / frames)} "
            + $"[graph] + {KaldiLog.Number(total.Acoustic / frames)} [acoustic] over {frames} frames.");
        log.Log($"Done {done} lattices, failed for {failed}");
        return done != 0;
    }

    private static string Cost(LatticeWeight weight) =>
        $"{KaldiLog.Number(weight.Graph)} + {KaldiLog.Number(weight.Acoustic)} = {KaldiLog.Number(weight.Graph + weight.Acoustic)}";
}
