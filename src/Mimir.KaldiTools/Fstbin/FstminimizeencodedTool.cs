using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstminimizeencoded: merges states with the same ways onward, without pushing weights.</summary>
internal sealed class FstminimizeencodedTool()
    : FstTool<FstminimizeencodedTool.Options>(
        "fstminimizeencoded", "Minimizes FST after encoding [similar to fstminimize, but no weight-pushing]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Weights are rounded to multiples of this.</summary>
        [Option("delta")]
        public float Delta { get; init; } = 1 / 1024f;
    }

    protected override void Change(VectorFst fst, Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io) =>
        EncodedMinimizer.Apply(fst, options.Delta);
}
