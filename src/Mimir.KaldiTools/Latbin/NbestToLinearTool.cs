using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>nbest-to-linear: writes the parts of linear lattices as tables.</summary>
internal sealed class NbestToLinearTool()
    : KaldiTool<NoOptions>(
        "nbest-to-linear",
        "Takes as input lattices/n-bests which must be linear (single path); convert from lattice to up to 4 archives containing "
            + "transcriptions, alignments, and acoustic and LM costs (note: use ark:/dev/null for unwanted outputs)",
        "<nbest-rspecifier> <alignments-wspecifier> [<transcriptions-wspecifier>] [<lm-cost-wspecifier>] [<ac-cost-wspecifier>]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var outputs = new OutputTables(io);
        var alignments = outputs.Add(KaldiTables.IntVector, arguments[1]);
        var words = outputs.Add(KaldiTables.IntVector, arguments.ElementAtOrDefault(2));
        var graphCosts = outputs.Add(KaldiTables.FloatScalar, arguments.ElementAtOrDefault(3));
        var acousticCosts = outputs.Add(KaldiTables.FloatScalar, arguments.ElementAtOrDefault(4));
        var (done, errors) = (0, 0);
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in Lattice.Table.Read(arguments[0], io))
            {
                if (LinearLattice.Path(lattice) is not { } path)
                {
                    log.Warning(
                        $"Lattice/nbest for key {key} had wrong format: note, this program expects input with one path, e.g. from "
                        + "lattice-to-nbest.");
                    errors++;
                    continue;
                }

                alignments?.Invoke(key, [.. path.Alignment]);
                words?.Invoke(key, [.. path.Words]);
                graphCosts?.Invoke(key, path.Weight.Graph);
                acousticCosts?.Invoke(key, path.Weight.Acoustic);
                done++;
            }
        });
        log.Log($"Done {done} n-best entries, {errors} had errors.");
        return done != 0;
    }
}
