using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-arc-post: prints the posterior of every arc.</summary>
internal sealed class LatticeArcPostTool()
    : KaldiTool<LatticeArcPostTool.Options>(
        "lattice-arc-post",
        "Print out information regarding posteriors of lattice arcs: lines of <utterance-id> <start-frame> <num-frames> <posterior> "
            + "<word> [<ali>] [<phone1> <phone2>...]",
        "[<model>] <lattices-rspecifier> <output-wxfilename>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeScaleOptions
    {
        /// <summary>Least posterior of an arc that is printed.</summary>
        [Option("min-post")]
        public float Least { get; init; } = 0.0001f;

        /// <summary>Print the transition-ids of each arc.</summary>
        [Option("print-alignment")]
        public bool PrintAlignment { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = arguments.Count > 2 ? TransitionModel.Read(arguments[0], io) : null;
        var (done, errors, total) = (0, 0, 0L);
        KaldiOutput.WriteOne(arguments[^1], false, writer =>
        {
            foreach (var (key, lattice) in WordLattice.Table.Read(arguments[^2], io))
            {
                var lines = Utterance.Run(key, () => Lines(key, lattice.Scale(options.Scale), options, model).ToList());
                lines.ForEach(writer.WriteText);
                total += lines.Count;
                done += lines.Count > 0 ? 1 : 0;
                errors += lines.Count > 0 ? 0 : 1;
                if (lines.Count == 0)
                    log.Warning($"No posterior printed for {key}");
            }
        }, io);
        log.Log(
            $"Printed posteriors for {done} lattices ({errors} with errors); on average printed {total / Math.Max(1, done)} posteriors "
            + "per lattice.");
        return done > 0;
    }

    private static IEnumerable<string> Lines(string key, WordLattice lattice, Options options, TransitionModel? model)
    {
        var times = LatticeTimes.Of(lattice);
        var (forward, backward) = (LatticeForwardBackward.Forward(lattice), LatticeForwardBackward.Backward(lattice));
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state).ToArray())
            {
                var posterior = (float)Math.Exp(Math.Min(0, forward[state] - arc.Weight.Cost + backward[arc.Next] - backward[0]));
                if (posterior <= options.Least)
                    continue;

                var line = $"{key}\t{times[state]}\t{arc.Alignment.Length}\t{KaldiLog.Number(posterior)}\t{arc.Word}";
                if (options.PrintAlignment)
                    line += $"\t{string.Join(',', arc.Alignment)}";

                if (model is not null)
                {
                    Posteriors.Check(model, key, arc.Alignment);
                    line += $"\t{string.Join(' ', arc.Alignment.Where(model.IsFinal).Select(model.PhoneOf))}";
                }

                yield return line + "\n";
            }
        }
    }
}
