using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-int-vector: copies vectors of integers such as alignments, in binary or text.</summary>
internal sealed class CopyIntVectorTool()
    : KaldiTool<BinaryOptions>(
        "copy-int-vector",
        "Copy vectors of integers, or archives of vectors of integers (e.g. alignments)",
        "(<vector-in-rspecifier>|<vector-in-rxfilename>) (<vector-out-wspecifier>|<vector-out-wxfilename>)")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var vector = KaldiTables.IntVector.ReadOne(arguments[0], io);
            KaldiTables.IntVector.WriteOne(arguments[1], vector, options.Binary, io);
            log.Log($"Copied vector to {arguments[1]}");
            return true;
        }

        var done = KaldiTables.IntVector.WriteAll(arguments[1], KaldiTables.IntVector.Read(arguments[0], io), io);
        log.Log($"Copied {done} vectors of int32.");
        return done != 0;
    }
}
