using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-depth: the average number of arcs that cross a frame.</summary>
internal sealed class LatticeDepthTool()
    : KaldiTool<NoOptions>(
        "lattice-depth",
        "Compute the lattice depths in terms of the average number of arcs that cross a frame.  See also lattice-depth-per-frame",
        "<lattice-rspecifier> [<depth-wspecifier>]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var outputs = new OutputTables(io);
        var means = outputs.Add(KaldiTables.FloatScalar, arguments.ElementAtOrDefault(1));
        var (done, sum, frames) = (0, 0.0, 0L);
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                var depths = Utterance.Run(key, () => LatticeDepth.PerFrame(lattice));
                var arcs = depths.Sum(depth => (long)depth);
                means?.Invoke(key, depths.Length == 0 ? 1 : arcs / (float)depths.Length);
                (done, sum, frames) = (done + 1, sum + arcs, frames + depths.Length);
            }
        });
        log.Log($"Done {done} lattices.");
        log.Log($"Overall density is {KaldiLog.Number(sum / frames)} over {frames} frames.");
        return done != 0;
    }
}

/// <summary>lattice-depth-per-frame: the number of arcs that cross each frame.</summary>
internal sealed class LatticeDepthPerFrameTool()
    : KaldiTool<NoOptions>(
        "lattice-depth-per-frame",
        "For each lattice, compute a vector of length (num-frames) saying how may arcs cross each frame.  See also lattice-depth",
        "<lattice-rspecifier> <depth-wspecifier> [<lattice-wspecifier>]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var outputs = new OutputTables(io);
        var depths = outputs.Add(KaldiTables.IntVector, arguments[1]);
        var lattices = outputs.Add(WordLattice.Table, arguments.ElementAtOrDefault(2));
        var done = 0;
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[0], io))
            {
                depths?.Invoke(key, Utterance.Run(key, () => LatticeDepth.PerFrame(lattice)));
                lattices?.Invoke(key, lattice);
                done++;
            }
        });
        log.Log($"Done {done} lattices.");
        return done != 0;
    }
}
