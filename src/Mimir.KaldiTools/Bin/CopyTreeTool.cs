using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-tree: copies a decision tree, in binary or text.</summary>
internal sealed class CopyTreeTool()
    : KaldiTool<BinaryOptions>("copy-tree", "Copy decision tree (possibly changing binary/text format)", "<tree-in> <tree-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        ContextDependency.Read(arguments[0], io).Write(arguments[1], options.Binary, io);
        log.Log("Copied tree");
        return true;
    }
}
