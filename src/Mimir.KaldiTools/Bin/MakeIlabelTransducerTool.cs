using Mimir.Base.Options;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>make-ilabel-transducer: makes one of the labels whose windows of phones have the same distributions.</summary>
internal sealed class MakeIlabelTransducerTool()
    : KaldiTool<MakeIlabelTransducerTool.Options>(
        "make-ilabel-transducer",
        "Make transducer that de-duplicates context-dependent ilabels that map to the same state",
        "<ilabel-info-right> <tree-file> <transition-gmm/model> <ilabel-info-left> [<mapping-fst-out>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>File for the list of disambiguation symbols after the remapping.</summary>
        [Option("write-disambig-syms")]
        public string WriteDisambiguation { get; init; } = "";

        /// <summary>File for the new label of each old one.</summary>
        [Option("old-to-new-mapping")]
        public string Mapping { get; init; } = "";

        /// <summary>Write the labels in binary.</summary>
        [Option("binary")]
        public bool Binary { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (labels, newLabels) = ContextLabels.Read(arguments[0], io).Merge(
            ContextDependency.Read(arguments[1], io), TransitionModel.Read(arguments[2], io).Topology);
        if (options.Mapping.Length > 0)
            IntegerList.Write(options.Mapping, newLabels, io);

        labels.Write(arguments[3], options.Binary, io);
        if (options.WriteDisambiguation.Length > 0)
            IntegerList.Write(options.WriteDisambiguation, labels.Disambiguation, io);

        var fst = new VectorFst { Start = 0 };
        fst.AddState(0);
        for (var old = 1; old < newLabels.Length; old++)
            fst.AddArc(0, new FstArc(newLabels[old], old, 0, 0));

        FstWriter.Write(arguments.Count > 4 ? arguments[4] : "-", fst, io);
        return true;
    }
}
