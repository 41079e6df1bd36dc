using Mimir.Base.Options;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>add-self-loops: adds the self-loops of HMM states and the probabilities of leaving to a graph.</summary>
internal sealed class AddSelfLoopsTool()
    : KaldiTool<AddSelfLoopsTool.Options>(
        "add-self-loops",
        "Add self-loops and transition probabilities to transducer, which has transition-ids on the input side without the self-loops.",
        "<transition-gmm/acoustic-model> [<fst-in> [<fst-out>]]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scale of self-loop probabilities relative to the language model's.</summary>
        [Option("self-loop-scale")]
        public float SelfLoopScale { get; init; } = 1;

        /// <summary>List of disambiguation symbols on the input of the FST.</summary>
        [Option("disambig-syms")]
        public string Disambiguation { get; init; } = "";

        /// <summary>Put the self-loop behind the transition that leaves the state, which decodes faster.</summary>
        [Option("reorder")]
        public bool Reorder { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var fst = FstReader.ReadVector(arguments.Count > 1 ? arguments[1] : "-", io);
        var disambiguation = options.Disambiguation.Length > 0 ? IntegerList.Read(options.Disambiguation, io) : [];
        SelfLoops.Add(fst, model, options.SelfLoopScale, options.Reorder, disambiguation);
        FstWriter.Write(arguments.Count > 2 ? arguments[2] : "-", fst, io);
        return true;
    }
}
