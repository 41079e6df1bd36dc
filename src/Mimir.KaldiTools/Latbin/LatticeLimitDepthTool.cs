using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-limit-depth: leaves out the worst arcs of frames that too many cross.</summary>
internal sealed class LatticeLimitDepthTool()
    : KaldiTool<LatticeLimitDepthTool.Options>(
        "lattice-limit-depth",
        "Limit the number of arcs crossing any frame, to a specified maximum.",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Maximum number of arcs that are allowed to cross any given frame.</summary>
        [Option("max-arcs-per-frame", Min = 1)]
        public int MaxArcs { get; init; } = 1000;

        /// <summary>Scaling factor for acoustic costs.</summary>
        [Option("acoustic-scale")]
        public float AcousticScale { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var scale = new LatticeScaleOptions { AcousticScale = options.AcousticScale };
        var inverse = scale.Inverse;
        var (before, after, frames) = (0L, 0L, 0L);
        var (done, _) = WordLattice.Table.Map(WordLattice.Table.Read(arguments[0], io), arguments[1], io, (key, lattice) =>
            Utterance.Run(key, () =>
            {
                var limited = DepthLimit.Apply(lattice.Scale(scale.Scale), options.MaxArcs).Scale(inverse);
                var depths = LatticeDepth.PerFrame(lattice);
                frames += depths.Length;
                before += depths.Sum();
                after += LatticeDepth.PerFrame(limited).Sum();
                return limited;
            }));
        log.Log($"Done {done} lattices.");
        log.Log(
            $"Overall density changed from {KaldiLog.Number(before / (double)frames)} to {KaldiLog.Number(after / (double)frames)}");
        return done != 0;
    }
}
