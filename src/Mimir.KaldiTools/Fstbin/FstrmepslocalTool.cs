using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstrmepslocal: removes the epsilons whose removal makes the transducer smaller.</summary>
internal sealed class FstrmepslocalTool()
    : FstTool<FstrmepslocalTool.Options>(
        "fstrmepslocal", "Removes some (but not all) epsilons in an algorithm that will always reduce the number of arcs+states.")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Preserve equivalence in the log semiring, instead of the tropical one.</summary>
        [Option("use-log")]
        public bool UseLog { get; init; }

        /// <summary>Preserve stochasticity in the log semiring, instead of the tropical one.</summary>
        [Option("stochastic-in-log")]
        public bool StochasticInLog { get; init; } = true;
    }

    protected override void Change(VectorFst fst, Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options is { UseLog: true, StochasticInLog: false })
            throw new InputException("--use-log=true and --stochastic-in-log=false exclude each other");

        LocalEpsilonRemoval.Apply(fst, new EpsilonSums(Paths: options.UseLog, States: options.StochasticInLog));
    }
}
