using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-project: the same labels on both sides.</summary>
internal sealed class LatticeProjectTool()
    : KaldiTool<LatticeProjectTool.Options>(
        "lattice-project",
        "Project lattices (in their transducer form); by default makes them word->word transducers (set --project-output=false for "
            + "tid->tid).",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Words on both sides; otherwise transition-ids.</summary>
        [Option("project-output")]
        public bool ProjectOutput { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = options.ProjectOutput
            ? Lattice.Table.Map(
                WordLattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => LatticeProjection.Words(lattice))
            : Lattice.Table.Map(
                Lattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => LatticeProjection.Transitions(lattice));
        log.Log($"Done projecting {done} lattices.");
        return done != 0;
    }
}

/// <summary>lattice-rmali: removes transition-ids.</summary>
internal sealed class LatticeRmaliTool()
    : KaldiTool<NoOptions>("lattice-rmali", "Remove state-sequences from lattice weights", "<lattice-rspecifier> <lattice-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = WordLattice.Table.Map(
            WordLattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => lattice.WithoutAlignments());
        log.Log($"Done removing alignments from {done} lattices.");
        return done != 0;
    }
}
