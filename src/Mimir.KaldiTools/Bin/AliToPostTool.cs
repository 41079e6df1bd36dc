using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>ali-to-post: turns labels into posteriors of weight 1.</summary>
internal sealed class AliToPostTool()
    : KaldiTool<NoOptions>("ali-to-post", "Convert alignments to posteriors.", "<alignments-rspecifier> <posteriors-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = Posterior.Table.Map(
            KaldiTables.IntVector.Read(arguments[0], io), arguments[1], io, (_, labels) => Posterior.FromLabels(labels));
        log.Log($"Converted {done} alignments.");
        return done != 0;
    }
}
