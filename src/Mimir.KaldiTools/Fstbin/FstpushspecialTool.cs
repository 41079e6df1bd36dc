using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstpushspecial: pushes weights so that all states sum to the same.</summary>
internal sealed class FstpushspecialTool()
    : FstTool<FstpushspecialTool.Options>(
        "fstpushspecial",
        "Pushes weights in an FST such that all the states in the FST have arcs and final-probs with weights that sum to the same "
            + "amount (viewed as being in the log semiring).")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Largest difference between the sum of a state and the average.</summary>
        [Option("delta")]
        public float Delta { get; init; } = 1 / 1024f;
    }

    protected override void Change(VectorFst fst, Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!SpecialPusher.Push(fst, options.Delta))
            log.Warning("push-special: finished 200 iterations without converging.  Output will be inaccurate.");
    }
}
