using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>hmm-info and am-info: print the sizes of a transition model.</summary>
/// <param name="name">The name of the program.</param>
internal sealed class ModelInfoTool(string name)
    : KaldiTool<NoOptions>(name, "Write to standard output various properties of HMM-based transition model", "<model-in>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        using var printed = OpenPrinted(io);
        printed.WriteLine($"number of phones {model.Topology.Phones.Count}");
        printed.WriteLine($"number of pdfs {model.PdfCount}");
        printed.WriteLine($"number of transition-ids {model.TransitionCount}");
        printed.WriteLine($"number of transition-states {model.Tuples.Count}");
        return true;
    }
}
