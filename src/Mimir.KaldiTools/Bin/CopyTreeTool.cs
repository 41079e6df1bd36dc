using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-tree: copies a decision tree, between binary and text perhaps.</summary>
internal sealed class CopyTreeTool : KaldiTool
{
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public CopyTreeTool()
        : base("copy-tree", "Copy decision tree (possibly changing binary/text format)", "<tree-in> <tree-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        ContextDependency.Read(arguments[0], io).Write(arguments[1], _binary, io);
        log.Log("Copied tree");
        return true;
    }
}
