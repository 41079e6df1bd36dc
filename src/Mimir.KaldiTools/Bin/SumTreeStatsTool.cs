using Mimir.Gmm.Trees;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>sum-tree-stats: adds statistics of a tree up.</summary>
internal sealed class SumTreeStatsTool()
    : KaldiTool<BinaryOptions>(
        "sum-tree-stats",
        "Sum statistics for phonetic-context tree building.",
        "<tree-accs-out> <tree-accs-in> ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var sum = TreeStatistics.Sum(arguments.Skip(1).Select(path => TreeStatistics.Read(path, io)));
        sum.Write(arguments[0], options.Binary, io);
        log.Log($"Wrote summed accs ( {sum.Contexts.Count} individual stats)");
        return sum.Contexts.Count != 0;
    }
}
