using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-info: prints the sizes of a model.</summary>
internal sealed class GmmInfoTool()
    : KaldiTool<NoOptions>("gmm-info", "Write to standard output various properties of GMM-based model", "<model-in>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        using var printed = OpenPrinted(io);
        printed.WriteLine($"number of phones {model.Transitions.Topology.Phones.Count}");
        printed.WriteLine($"number of pdfs {model.Transitions.PdfCount}");
        printed.WriteLine($"number of transition-ids {model.Transitions.TransitionCount}");
        printed.WriteLine($"number of transition-states {model.Transitions.Tuples.Count}");
        printed.WriteLine($"feature dimension {model.Acoustic.Dimension}");
        printed.WriteLine($"number of gaussians {model.Acoustic.Gaussians}");
        return true;
    }
}
