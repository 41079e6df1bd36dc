using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-to-nbest: writes the best paths as lattices with keys UTTERANCE-1, UTTERANCE-2 ….</summary>
internal sealed class LatticeToNbestTool()
    : KaldiTool<LatticeToNbestTool.Options>(
        "lattice-to-nbest", "Work out N-best paths in lattices and write out as FSTs", "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeScaleOptions
    {
        /// <summary>Number of distinct paths.</summary>
        [Option("n", Min = 1)]
        public int Count { get; init; } = 1;

        /// <summary>Take random paths, whose costs are written as 0.</summary>
        [Option("random")]
        public bool Random { get; init; }

        /// <summary>Seed of random paths.</summary>
        [Option("srand", Needs = "random")]
        public int Seed { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var inverse = options.Inverse;
        var done = 0;
        var paths = WordLattice.Table.WriteAll(arguments[1], Paths(), io);
        var mean = KaldiLog.Number(paths / (done + 1e-20));
        log.Log($"Done applying N-best algorithm to {done} lattices with n = {options.Count}, average actual #paths is {mean}");
        return done != 0;

        IEnumerable<KeyValuePair<string, WordLattice>> Paths()
        {
            foreach (var (key, lattice) in Lattice.Table.Read(arguments[0], io))
            {
                var scaled = lattice.Scale(options.Scale);
                var number = 0;
                foreach (var path in options.Random
                    ? NBest.Random(scaled, options.Count, options.Seed + done)
                    : NBest.Best(scaled, options.Count))
                    yield return new($"{key}-{++number}", path.Scale(inverse).ToWords());

                done += number > 0 ? 1 : 0;
                if (number == 0)
                    log.Warning($"Possibly empty lattice for utterance-id {key}(no N-best entries)");
            }
        }
    }
}
