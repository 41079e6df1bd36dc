using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-matrix: copies matrices, with an optional function of their values.</summary>
internal sealed class CopyMatrixTool()
    : KaldiTool<CopyMatrixTool.Options>(
        "copy-matrix",
        "Copy matrices, or archives of matrices (e.g. features or transforms)",
        "(<matrix-in-rspecifier>|<matrix-in-rxfilename>) (<matrix-out-wspecifier>|<matrix-out-wxfilename>)")
{
    private const float LogFloor = 1e-20f;

    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Factor of all values.</summary>
        [Option("scale")]
        public float Scale { get; init; } = 1;

        /// <summary>Take logarithms; values below 1e-20 are raised to it.</summary>
        [Option("apply-log")]
        public bool Log { get; init; }

        /// <summary>Take exponentials.</summary>
        [Option("apply-exp")]
        public bool Exp { get; init; }

        /// <summary>Raise values to this power.</summary>
        [Option("apply-power")]
        public float Power { get; init; } = 1;

        /// <summary>Turn each row into its softmax.</summary>
        [Option("apply-softmax-per-row")]
        public bool Softmax { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if ((options.Log ? 1 : 0) + (options.Exp ? 1 : 0) + (options.Softmax ? 1 : 0) > 1)
            throw new InputException("--apply-log, --apply-exp and --apply-softmax-per-row: expected at most one of them.");

        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var matrix = Map(KaldiTables.Matrix.ReadOne(arguments[0], io), options);
            KaldiTables.Matrix.WriteOne(arguments[1], matrix, options.Binary, io);
            log.Log($"Copied matrix to {arguments[1]}");
            return true;
        }

        var counts = TableLoops.MapMatrices(arguments[0], arguments[1], io, (_, matrix) => Map(matrix, options));
        log.Log($"Copied {counts.Done} matrices.");
        return counts.Done != 0;
    }

    // In place: the matrix was read for this alone.
    private static FloatMatrix Map(FloatMatrix matrix, Options options)
    {
        var values = matrix.Data.AsSpan();
        if (options.Scale != 1)
            TensorPrimitives.Multiply(values, options.Scale, values);

        if (options.Log)
        {
            TensorPrimitives.Max(values, LogFloor, values);
            TensorPrimitives.Log<float>(values, values);
        }

        if (options.Exp)
            TensorPrimitives.Exp<float>(values, values);

        for (var row = 0; options.Softmax && row < matrix.Rows; row++)
        {
            TensorPrimitives.Subtract(matrix.Row(row), TensorPrimitives.Max<float>(matrix.Row(row)), matrix.Row(row));
            TensorPrimitives.SoftMax<float>(matrix.Row(row), matrix.Row(row));
        }

        if (options.Power != 1)
            TensorPrimitives.Pow(values, options.Power, values);

        return matrix;
    }
}
