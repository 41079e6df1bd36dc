using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-1best: writes the best path as a lattice.</summary>
internal sealed class Lattice1bestTool()
    : KaldiTool<Lattice1bestTool.Options>(
        "lattice-1best", "Compute best path through lattices and write out as FSTs", "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeScaleOptions
    {
        /// <summary>Cost of a word.</summary>
        [Option("word-ins-penalty")]
        public float WordPenalty { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var inverse = options.Inverse;
        var (done, errors) = WordLattice.Table.Map(WordLattice.Table.Read(arguments[0], io), arguments[1], io, (key, lattice) =>
        {
            var path = BestPath.FindLattice(lattice.Scale(options.Scale), Math.Max(0, options.WordPenalty));
            if (path.StateCount > 0)
                return path.Scale(inverse);

            log.Warning($"Possibly empty lattice for utterance-id {key}(no output)");
            return null;
        });
        log.Log($"Done converting {done} to best path, {errors} had errors.");
        return done != 0;
    }
}
