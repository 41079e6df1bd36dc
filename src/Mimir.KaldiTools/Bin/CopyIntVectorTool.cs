using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Featbin;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-int-vector: vectors of integers, such as alignments, in binary or text.</summary>
internal sealed class CopyIntVectorTool()
    : KaldiTool(
        "copy-int-vector",
        "Copy vectors of integers, or archives of vectors of integers (e.g. alignments)",
        "(<vector-in-rspecifier>|<vector-in-rxfilename>) (<vector-out-wspecifier>|<vector-out-wxfilename>)")
{
    private bool _binary = true;

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "Write in binary mode (only relevant if output is a wxfilename)", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            int[] vector;
            using (var reader = KaldiReader.Open(arguments[0], io))
                vector = reader.ReadIntVector(reader.ReadBinaryMarker());

            KaldiOutput.WriteOne(arguments[1], _binary, writer => writer.WriteIntVector(vector), io);
            log.Log($"Copied vector to {arguments[1]}");
            return true;
        }

        var done = 0;
        using var output = KaldiTables.IntVector.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var (key, vector) in KaldiTables.IntVector.Read(arguments[0], io))
            {
                output.Write(key, vector);
                done++;
            }
        });
        log.Log($"Copied {done} vectors of int32.");
        return done != 0;
    }
}
