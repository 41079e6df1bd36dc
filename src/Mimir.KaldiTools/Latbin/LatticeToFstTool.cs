using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-to-fst: the words of lattices as transducers.</summary>
internal sealed class LatticeToFstTool()
    : KaldiTool<LatticeToFstTool.Options>(
        "lattice-to-fst",
        "Turn lattices into normal FSTs, retaining only the word labels; by default, removes all weights and also epsilons",
        "<lattice-rspecifier> <fsts-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scaling factor for acoustic costs.</summary>
        [Option("acoustic-scale")]
        public float AcousticScale { get; init; }

        /// <summary>Scaling factor for graph costs.</summary>
        [Option("lm-scale")]
        public float GraphScale { get; init; }

        /// <summary>Remove epsilons where that does not make the result larger.</summary>
        [Option("rm-eps")]
        public bool RemoveEpsilons { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = FstTables.Vector.Map(WordLattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) =>
        {
            var words = LatticeProjection.Words(lattice.Scale(new LatticeScale(options.GraphScale, options.AcousticScale)));
            var fst = ToFst(words);
            if (options.RemoveEpsilons)
                LocalEpsilonRemoval.Apply(fst, new EpsilonSums(Paths: false, States: false));

            return fst;
        });
        log.Log($"Done converting {done} lattices to word-level FSTs");
        return done != 0;
    }

    private static VectorFst ToFst(Lattice lattice)
    {
        var fst = new VectorFst();
        for (var state = 0; state < lattice.StateCount; state++)
            fst.AddState((float)lattice.Final(state).Cost);

        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                fst.AddArc(state, new FstArc(arc.Input, arc.Word, (float)arc.Weight.Cost, arc.Next));
        }

        fst.Start = lattice.StateCount == 0 ? -1 : 0;
        return fst;
    }
}
