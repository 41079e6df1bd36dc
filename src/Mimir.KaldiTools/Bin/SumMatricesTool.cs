using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>sum-matrices: adds matrices up.</summary>
internal sealed class SumMatricesTool()
    : KaldiTool<BinaryOptions>("sum-matrices", "Sum matrices, e.g. stats for fMPE training", "<mat-out> <mat-in> ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        FloatMatrix? sum = null;
        foreach (var path in arguments.Skip(1))
        {
            var matrix = KaldiTables.Matrix.ReadOne(path, io);
            sum ??= new FloatMatrix(matrix.Rows, matrix.Columns);
            if ((matrix.Rows, matrix.Columns) != (sum.Rows, sum.Columns))
            {
                throw new InputException(
                    $"{path}: expected a {sum.Rows} x {sum.Columns} matrix, as the first, got {matrix.Rows} x {matrix.Columns}.");
            }

            TensorPrimitives.Add<float>(sum.Data, matrix.Data, sum.Data);
        }

        if (sum is null)
            return false;

        KaldiTables.Matrix.WriteOne(arguments[0], sum, options.Binary, io);
        log.Log($"Summed {arguments.Count - 1} matrices  of dimension {sum.Rows} by {sum.Columns}");
        return true;
    }
}
