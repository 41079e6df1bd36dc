using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstcomposecontext: puts windows of phones in the place of phones.</summary>
internal sealed class FstcomposecontextTool()
    : KaldiTool<ContextOptions>(
        "fstcomposecontext",
        "Composes on the left with a dynamically created context FST",
        "<ilabels-output-file> [<in.fst> [<out.fst>]]")
{
    protected override bool Execute(ContextOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var graph = FstReader.ReadVector(arguments.Count > 1 ? arguments[1] : "-", io);
        Compose(graph, options, arguments[0], arguments.Count > 2 ? arguments[2] : "-", log, io);
        return true;
    }

    /// <summary>Composes and writes the graph, the labels and the symbols of disambiguation.</summary>
    internal static void Compose(
        VectorFst graph, ContextOptions options, string labelsFile, string output, KaldiLog log, KaldiIoOptions io)
    {
        if (options.NontermPhonesOffset >= 0)
            throw new InputException("--nonterm-phones-offset: grammars of several graphs are not supported");
        if (options.WriteDisambiguation.Length > 0 && options.ReadDisambiguation.Length == 0)
            throw new InputException("--write-disambig-syms has no effect without --read-disambig-syms");

        var symbols = options.ReadDisambiguation.Length > 0 ? IntegerList.Read(options.ReadDisambiguation, io) : [];
        if (symbols.Length == 0)
            log.Warning("Disambiguation symbols list is empty; this likely indicates an error in data preparation.");

        var (result, labels) = ContextComposer.Compose(graph, symbols, options.ContextSize, options.CentralPosition);
        labels.Write(labelsFile, options.Binary, io);
        if (options.WriteDisambiguation.Length > 0)
            IntegerList.Write(options.WriteDisambiguation, labels.Disambiguation, io);

        FstWriter.Write(output, result, io);
    }
}
