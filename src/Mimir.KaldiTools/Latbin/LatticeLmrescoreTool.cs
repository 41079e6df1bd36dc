using Mimir.Base.Options;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-lmrescore: adds the costs of a language model, or takes them away.</summary>
internal sealed class LatticeLmrescoreTool()
    : KaldiTool<LatticeLmrescoreTool.Options>(
        "lattice-lmrescore",
        "Add lm_scale * [cost of best path through LM FST] to graph-cost of paths through lattice, by composing with the LM FST, then "
            + "lattice-determinizing.",
        "<lattice-rspecifier> <lm-fst-in> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scaling factor for language model costs; frequently 1.0 or -1.0.</summary>
        [Option("lm-scale")]
        public float Scale { get; init; } = 1;

        /// <summary>Has no effect; accepted for scripts that give it.</summary>
        [Option("num-states-cache")]
        public int StatesInCache { get; init; } = 50_000;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = new FstModel(FstReader.ReadVector(arguments[1], io));
        var (done, failed) = WordLattice.Table.Map(Lattice.Table.Read(arguments[0], io), arguments[2], io, (key, lattice) =>
        {
            if (options.Scale == 0)
                return lattice.ToWords();

            var rescored = LatticeComposer.AddCosts(lattice, model, options.Scale);
            if (rescored.StateCount > 0)
                return rescored;

            log.Warning($"Empty lattice for utterance {key} (incompatible LM?)");
            return null;
        });
        log.Log($"Done {done} lattices, failed for {failed}");
        return done != 0;
    }
}
