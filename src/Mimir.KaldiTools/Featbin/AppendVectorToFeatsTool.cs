using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>append-vector-to-feats: appends a vector, such as an i-vector, to every frame.</summary>
internal sealed class AppendVectorToFeatsTool()
    : KaldiTool<BinaryOptions>(
        "append-vector-to-feats",
        "Append a vector to each row of input feature files",
        "(<feats-rspecifier>|<feats-rxfilename>) (<vector-rspecifier>|<vector-rxfilename>) (<out-wspecifier>|<out-wxfilename>)")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!TableLoops.AreTables(arguments[0], arguments[2]))
        {
            var appended = Append(
                KaldiTables.Matrix.ReadOne(arguments[0], io), KaldiTables.FloatVector.ReadOne(arguments[1], io), arguments[0]);
            KaldiTables.Matrix.WriteOne(arguments[2], appended, options.Binary, io);
            log.Log($"Wrote appended features to {arguments[2]}");
            return true;
        }

        using var vectors = KaldiTables.FloatVector.Open(arguments[1], io);
        var counts = TableLoops.MapMatrices(arguments[0], arguments[2], io, (key, features) =>
        {
            if (vectors.TryGet(key, out var vector))
                return Append(features, vector, $"utterance '{key}'");

            log.Warning($"Could not read vector for utterance {key}");
            return null;
        });
        log.Log($"Done {counts.Done} utts, errors on {counts.Errors}");
        return counts.Done != 0;
    }

    private static FloatMatrix Append(FloatMatrix features, float[] vector, string place)
    {
        if (features.Rows == 0)
            throw new InputException($"{place}: expected features, there are no frames.");

        var appended = new FloatMatrix(features.Rows, features.Columns + vector.Length);
        for (var row = 0; row < features.Rows; row++)
        {
            features.Row(row).CopyTo(appended.Row(row));
            vector.CopyTo(appended.Row(row)[features.Columns..]);
        }

        return appended;
    }
}
