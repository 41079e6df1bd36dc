using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Featbin;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-matrix: copies matrices, perhaps with a function applied to their values.</summary>
internal sealed class CopyMatrixTool : KaldiTool
{
    private const float LogFloor = 1e-20f;

    private bool _binary = true;
    private float _scale = 1;
    private bool _log;
    private bool _exp;
    private bool _softmax;
    private float _power = 1;

    /// <summary>Creates the program.</summary>
    public CopyMatrixTool()
        : base(
            "copy-matrix",
            "Copy matrices, or archives of matrices (e.g. features or transforms)",
            "(<matrix-in-rspecifier>|<matrix-in-rxfilename>) (<matrix-out-wspecifier>|<matrix-out-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", true, "Write in binary mode (only relevant if output is a wxfilename)", v => _binary = v);
        parser.AddFloat("scale", 1, "This option can be used to scale the matrices being copied.", v => _scale = v);
        parser.AddBool("apply-log", false, "Apply log on the matrices; values below 1e-20 are raised to it.", v => _log = v);
        parser.AddBool("apply-exp", false, "Apply exp on the matrices", v => _exp = v);
        parser.AddFloat("apply-power", 1, "Apply a power on the matrices", v => _power = v);
        parser.AddBool("apply-softmax-per-row", false, "Apply softmax per row of the matrices", v => _softmax = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if ((_log ? 1 : 0) + (_exp ? 1 : 0) + (_softmax ? 1 : 0) > 1)
            throw new ArgumentException("--apply-log, --apply-exp and --apply-softmax-per-row: expected at most one of them.");

        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            var matrix = Map(KaldiTables.Matrix.ReadOne(arguments[0], io));
            KaldiOutput.WriteOne(arguments[1], _binary, writer => writer.WriteMatrix(matrix), io);
            log.Log($"Copied matrix to {arguments[1]}");
            return true;
        }

        var counts = FeatureTables.Map(arguments[0], arguments[1], io, (_, matrix) => Map(matrix));
        log.Log($"Copied {counts.Done} matrices.");
        return counts.Done != 0;
    }

    // In place: the matrix was read for this alone.
    private FloatMatrix Map(FloatMatrix matrix)
    {
        var values = matrix.Data.AsSpan();
        if (_scale != 1)
            TensorPrimitives.Multiply(values, _scale, values);

        if (_log)
        {
            TensorPrimitives.Max(values, LogFloor, values);
            TensorPrimitives.Log<float>(values, values);
        }

        if (_exp)
            TensorPrimitives.Exp<float>(values, values);

        for (var row = 0; _softmax && row < matrix.Rows; row++)
        {
            TensorPrimitives.Subtract(matrix.Row(row), TensorPrimitives.Max<float>(matrix.Row(row)), matrix.Row(row));
            TensorPrimitives.SoftMax<float>(matrix.Row(row), matrix.Row(row));
        }

        if (_power != 1)
            TensorPrimitives.Pow(values, _power, values);

        return matrix;
    }
}
