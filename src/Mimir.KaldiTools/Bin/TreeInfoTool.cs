using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.KaldiTools.Bin;

/// <summary>tree-info: the size and the window of a decision tree.</summary>
internal sealed class TreeInfoTool : KaldiTool
{
    /// <summary>Creates the program.</summary>
    public TreeInfoTool()
        : base("tree-info", "Print information about decision tree (mainly the number of pdfs), to stdout", "<tree-in>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var tree = ContextDependency.Read(arguments[0], io);
        using var output = OpenPrinted(io);
        output.Write($"num-pdfs {tree.PdfCount}\ncontext-width {tree.ContextWidth}\ncentral-position {tree.CentralPosition}\n");
        return true;
    }
}
