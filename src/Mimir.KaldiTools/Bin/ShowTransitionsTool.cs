using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>show-transitions: prints each transition-id of a model.</summary>
internal sealed class ShowTransitionsTool()
    : KaldiTool<NoOptions>(
        "show-transitions",
        "Print debugging info from transition model, in human-readable form",
        "<phones-symbol-table> <transition/model-file> [<occs-file>]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var phones = SymbolNames.Read(arguments[0], io);
        var model = TransitionModel.Read(arguments[1], io);
        var counts = arguments.Count > 2 ? Counts(arguments[2], io) : null;
        if (counts is not null && counts.Length != model.PdfCount)
            throw new InputException($"{arguments[2]}: expected {model.PdfCount} counts, one for each pdf, got {counts.Length}.");

        using var printed = OpenPrinted(io);
        for (var tuple = 0; tuple < model.Tuples.Count; tuple++)
            Print(printed, model, tuple, phones, counts);

        return true;
    }

    private static double[] Counts(string path, KaldiIoOptions io)
    {
        return KaldiReader.ReadFile(path, io, (reader, binary) => reader.ReadDoubleVector(binary));
    }

    private static void Print(TextWriter printed, TransitionModel model, int index, SymbolNames phones, double[]? counts)
    {
        var tuple = model.Tuples[index];
        var pdfs = model.Topology.HasOnePdfPerState
            ? $"pdf = {tuple.ForwardPdf}"
            : $"forward-pdf = {tuple.ForwardPdf} self-loop-pdf = {tuple.SelfLoopPdf}";
        printed.WriteLine($"Transition-state {index + 1}: phone = {phones.Of(tuple.Phone)} hmm-state = {tuple.HmmState} {pdfs}");
        var arcs = model.Topology.EntryOf(tuple.Phone).States[tuple.HmmState].Transitions.Count;
        for (var arc = 0; arc < arcs; arc++)
        {
            var id = model.TransitionIdOf(index, arc);
            printed.Write($" Transition-id = {id} p = {KaldiLog.Number(MathF.Exp(model.LogProbabilityOf(id)))}");
            if (counts is not null)
                printed.Write($" count of pdf = {KaldiLog.Number(counts[model.PdfOf(id)])}");

            printed.WriteLine(model.IsSelfLoop(id) ? " [self-loop]" : $" [{tuple.HmmState} -> {model.DestinationOf(id)}]");
        }
    }
}
