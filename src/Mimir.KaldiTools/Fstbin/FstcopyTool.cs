using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstcopy: copies tables of transducers.</summary>
internal sealed class FstcopyTool()
    : KaldiTool<NoOptions>(
        "fstcopy", "Copy tables/archives of FSTs, indexed by a string (e.g. utterance-id)", "<fst-rspecifier> <fst-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var done = FstTables.Vector.WriteAll(arguments[1], FstTables.Vector.Read(arguments[0], io), io);
        log.Log($"Copied {done} FSTs.");
        return done > 0;
    }
}
