using System.Numerics.Tensors;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Featbin;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-vector: copies vectors, perhaps scaled or of another length.</summary>
internal sealed class CopyVectorTool : KaldiTool
{
    private bool _binary = true;
    private int _dimension = -1;
    private float _scale = 1;

    /// <summary>Creates the program.</summary>
    public CopyVectorTool()
        : base(
            "copy-vector",
            "Copy vectors, or archives of vectors (e.g. transition-accs; speaker vectors)",
            "(<vector-in-rspecifier>|<vector-in-rxfilename>) (<vector-out-wspecifier>|<vector-out-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", true, "Write in binary mode (only relevant if output is a wxfilename)", v => _binary = v);
        parser.AddInt("change-dim", -1, "Use this option to truncate or zero-pad the vectors.", v => _dimension = v);
        parser.AddFloat("scale", 1, "This option can be used to scale the vectors being copied.", v => _scale = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            var vector = Map(KaldiTables.FloatVector.ReadOne(arguments[0], io));
            KaldiOutput.WriteOne(arguments[1], _binary, writer => writer.WriteVector(vector), io);
            log.Log($"Copied vector to {arguments[1]}");
            return true;
        }

        var done = 0;
        using var output = KaldiTables.FloatVector.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var (key, vector) in KaldiTables.FloatVector.Read(arguments[0], io))
            {
                output.Write(key, Map(vector));
                done++;
            }
        });
        log.Log(_dimension < 0 && _scale == 1
            ? $"Copied {done} vectors."
            : $"Copied {done} vectors, setting dim to {_dimension} scaled by {KaldiLog.Number(_scale)}");
        return done != 0;
    }

    private float[] Map(float[] vector)
    {
        if (_dimension >= 0)
            Array.Resize(ref vector, _dimension);
        if (_scale != 1)
            TensorPrimitives.Multiply<float>(vector, _scale, vector);

        return vector;
    }
}
