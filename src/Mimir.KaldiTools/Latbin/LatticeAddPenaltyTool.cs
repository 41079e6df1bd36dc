using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-add-penalty: adds a cost to every word.</summary>
internal sealed class LatticeAddPenaltyTool()
    : KaldiTool<LatticeAddPenaltyTool.Options>(
        "lattice-add-penalty",
        "Add word insertion penalty to the lattice (a negative log-probability, added to the graph costs).",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Cost of a word.</summary>
        [Option("word-ins-penalty")]
        public float WordPenalty { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = WordLattice.Table.Map(
            WordLattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => lattice.AddPenalty(options.WordPenalty));
        log.Log($"Done adding word insertion penalty to {done} lattices.");
        return done != 0;
    }
}
