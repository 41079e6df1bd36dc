using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-prune: leaves out what lies on no path near the best.</summary>
internal sealed class LatticePruneTool()
    : KaldiTool<LatticePruneTool.Options>(
        "lattice-prune", "Apply beam pruning to lattices", "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : InverseScaleOptions
    {
        /// <summary>Greatest cost of a path beyond the best, after scaling.</summary>
        [Option("beam", Min = 0, MinExcluded = true)]
        public float Beam { get; init; } = 10;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (before, after) = (new Size(), new Size());
        var inverse = options.Inverse;
        var (done, _) = WordLattice.Table.Map(WordLattice.Table.Read(arguments[0], io), arguments[1], io, (key, lattice) =>
        {
            var pruned = LatticePruner.Prune(lattice.Scale(options.Scale), options.Beam);
            if (pruned.StateCount == 0)
                log.Warning($"Error pruning lattice for utterance {key}");

            var (whole, left) = (Size.Of(lattice), Size.Of(pruned));
            log.Log(
                $"For utterance {key}, pruned #states from {whole.States} to {left.States} and #arcs from {whole.Arcs} to {left.Arcs}");
            (before, after) = (before.Plus(whole), after.Plus(left));
            return pruned.Scale(inverse);
        });
        var count = Math.Max(1, done);
        log.Log(
            $"Overall, pruned from on average {Mean(before.States)} to {Mean(after.States)} states, and from {Mean(before.Arcs)} to "
            + $"{Mean(after.Arcs)} arcs, over {done} utterances.");
        log.Log($"Done {done} lattices.");
        return done != 0;

        string Mean(long sum) => KaldiLog.Number((float)sum / count);
    }

    private readonly record struct Size(long States, long Arcs)
    {
        public static Size Of(WordLattice lattice) =>
            new(lattice.StateCount, Enumerable.Range(0, lattice.StateCount).Sum(state => (long)lattice.Arcs(state).Length));

        public Size Plus(Size other) => new(States + other.States, Arcs + other.Arcs);
    }
}
