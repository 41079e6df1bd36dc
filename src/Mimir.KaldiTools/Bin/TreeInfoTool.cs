using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>tree-info: prints the size and the context window of a decision tree.</summary>
internal sealed class TreeInfoTool()
    : KaldiTool<NoOptions>("tree-info", "Print information about decision tree (mainly the number of pdfs), to stdout", "<tree-in>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var tree = ContextDependency.Read(arguments[0], io);
        using var output = OpenPrinted(io);
        output.Write($"num-pdfs {tree.PdfCount}\ncontext-width {tree.ContextWidth}\ncentral-position {tree.CentralPosition}\n");
        return true;
    }
}
