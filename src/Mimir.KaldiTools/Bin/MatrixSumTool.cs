using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>matrix-sum: adds matrices up: tables entry by entry, all entries of a table, or files.</summary>
internal sealed class MatrixSumTool()
    : KaldiTool<MatrixSumTool.Options>(
        "matrix-sum",
        "Add matrices: of several tables entry by entry, of one table to a file, or of files",
        "(<matrix-in-rspecifier>|<matrix-in-rxfilename>) (<matrix-out-wspecifier>|<matrix-out-wxfilename>) ...")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Factor of the first table.</summary>
        [Option("scale1")]
        public float FirstScale { get; init; } = 1;

        /// <summary>Factor of the second table.</summary>
        [Option("scale2")]
        public float SecondScale { get; init; } = 1;

        /// <summary>Write the average instead of the sum; not for all entries of one table.</summary>
        [Option("average")]
        public bool Average { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (inputs, output) = (arguments.SkipLast(1).ToArray(), arguments[^1]);
        if (Wspecifier.IsTable(output))
            return SumTables(inputs, output, options, log, io);
        if (options is not { FirstScale: 1, SecondScale: 1 })
            throw new InputException("--scale1 and --scale2 are for tables that are added entry by entry; leave them out.");

        var all = inputs.Length == 1 && Rspecifier.IsTable(inputs[0]);
        if (all && options.Average)
            throw new InputException("--average is not for all entries of one table; leave it out.");
        if (!all && inputs.FirstOrDefault(Rspecifier.IsTable) is { } table)
            throw new InputException($"'{table}': expected files only, or one table and a file for its sum.");

        var sum = all
            ? SumEntries(inputs[0], log, io)
            : inputs.Select(path => KaldiTables.Matrix.ReadOne(path, io)).Aggregate(AddLarger);
        if (sum is null)
            return false;
        if (options.Average)
            TensorPrimitives.Multiply<float>(sum.Data, (float)(1.0 / inputs.Length), sum.Data);

        KaldiTables.Matrix.WriteOne(output, sum, options.Binary, io);
        log.Log($"Summed {inputs.Length} {(all ? "table" : "matrices")}; wrote sum to {output}");
        return true;
    }

    private static bool SumTables(string[] inputs, string output, Options options, KaldiLog log, KaldiIoOptions io)
    {
        var others = inputs.Skip(1).Select(input => (Name: input, Table: KaldiTables.Matrix.Open(input, io))).ToList();
        var missing = 0;
        try
        {
            var average = (float)(1.0 / inputs.Length);
            var done = TableLoops.MapMatrices(inputs[0], output, io, (key, sum) =>
            {
                TensorPrimitives.Multiply<float>(sum.Data, options.Average ? average : options.FirstScale, sum.Data);
                for (var i = 0; i < others.Count; i++)
                {
                    var scale = options.Average ? average : i == 0 ? options.SecondScale : 1;
                    if (!others[i].Table.TryGet(key, out var other))
                    {
                        log.Warning($"No matrix found for utterance {key} for system {i + 2}, rspecifier: {others[i].Name}");
                        missing++;
                    }
                    else if ((other.Rows, other.Columns) != (sum.Rows, sum.Columns))
                    {
                        log.Warning($"Dimension mismatch for utterance {key} : {other.Rows} by {other.Columns} for system {i + 2}, "
                            + $"rspecifier: {others[i].Name} vs {sum.Rows} by {sum.Columns} primary matrix, rspecifier:{inputs[0]}");
                    }
                    else
                    {
                        TensorPrimitives.MultiplyAdd<float>(other.Data, scale, sum.Data, sum.Data);
                    }
                }

                return sum;
            }).Done;
            log.Log($"Produced output for {done} utterances; {missing} total missing matrices");
            return done != 0 && missing < done - missing;
        }
        finally
        {
            others.ForEach(other => other.Table.Dispose());
        }
    }

    private static FloatMatrix? SumEntries(string rspecifier, KaldiLog log, KaldiIoOptions io)
    {
        double[,]? sum = null;
        var (done, errors) = (0, 0);
        foreach (var (key, matrix) in KaldiTables.DoubleMatrix.Read(rspecifier, io))
        {
            sum ??= new double[matrix.GetLength(0), matrix.GetLength(1)];
            if ((matrix.GetLength(0), matrix.GetLength(1)) != (sum.GetLength(0), sum.GetLength(1)))
            {
                log.Warning($"Dimension mismatch for key {key}: {matrix.GetLength(0)} by {matrix.GetLength(1)} vs. {sum.GetLength(0)} by "
                    + $"{sum.GetLength(1)}");
                errors++;
                continue;
            }

            for (var row = 0; row < sum.GetLength(0); row++)
            {
                for (var column = 0; column < sum.GetLength(1); column++)
                    sum[row, column] += matrix[row, column];
            }

            done++;
        }

        log.Log($"Summed {done} matrices, {errors} with errors");
        return sum is null || errors >= done
            ? null
            : new FloatMatrix(sum.GetLength(0), sum.GetLength(1), [.. sum.Cast<double>().Select(value => (float)value)]);
    }

    // A sum has the rows and columns of the largest.
    private static FloatMatrix AddLarger(FloatMatrix first, FloatMatrix second)
    {
        var sum = new FloatMatrix(Math.Max(first.Rows, second.Rows), Math.Max(first.Columns, second.Columns));
        foreach (var matrix in (ReadOnlySpan<FloatMatrix>)[first, second])
        {
            for (var row = 0; row < matrix.Rows; row++)
                TensorPrimitives.Add(sum.Row(row)[..matrix.Columns], matrix.Row(row), sum.Row(row)[..matrix.Columns]);
        }

        return sum;
    }
}
