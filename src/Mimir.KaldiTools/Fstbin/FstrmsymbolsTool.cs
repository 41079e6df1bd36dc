using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstrmsymbols: replaces symbols by epsilon, or removes or penalizes their arcs.</summary>
internal sealed class FstrmsymbolsTool()
    : FstTool<FstrmsymbolsTool.Options>(
        "fstrmsymbols",
        "With no options, replaces a subset of symbols with epsilon, wherever they appear on the input side of an FST. "
            + "--remove-arcs=true removes the arcs, --penalty=<float> adds to their cost.",
        "<in-disambig-list>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Apply this to the symbols on the output side.</summary>
        [Option("apply-to-output")]
        public bool ApplyToOutput { get; init; }

        /// <summary>The old name of --apply-to-output.</summary>
        [Option("remove-from-output")]
        public bool RemoveFromOutput { get; init; }

        /// <summary>Remove the arcs instead of replacing the symbol.</summary>
        [Option("remove-arcs")]
        public bool RemoveArcs { get; init; }

        /// <summary>Cost to add to the arcs instead of replacing the symbol.</summary>
        [Option("penalty")]
        public float Penalty { get; init; } = float.NegativeInfinity;
    }

    protected override void Change(VectorFst fst, Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var penalizes = !float.IsNegativeInfinity(options.Penalty);
        if (options.RemoveArcs && penalizes)
            throw new InputException("--remove-arcs and --penalty exclude each other");

        var symbols = IntegerList.Read(arguments[0], io);
        var output = options.ApplyToOutput || options.RemoveFromOutput;
        if (output)
            Labels.Invert(fst);

        if (options.RemoveArcs)
            Labels.RemoveArcsOfInputs(fst, symbols);
        else if (penalizes)
            Labels.PenalizeInputs(fst, symbols, options.Penalty);
        else
            Labels.RemoveInputs(fst, symbols);

        if (output)
            Labels.Invert(fst);
    }
}
