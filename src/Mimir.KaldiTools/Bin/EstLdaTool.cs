using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>est-lda: estimates a transform of linear discriminant analysis.</summary>
internal sealed class EstLdaTool()
    : KaldiTool<EstLdaTool.Options>(
        "est-lda", "Estimate LDA transform using stats obtained with acc-lda.", "<lda-matrix-out> <lda-acc> ...")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>File for the transform with all dimensions.</summary>
        [Option("write-full-matrix")]
        public string FullMatrix { get; init; } = "";

        /// <summary>Number of dimensions that are kept.</summary>
        [Option("dim")]
        public int Dimension { get; init; } = 40;

        /// <summary>Allow more dimensions than classes less one.</summary>
        [Option("allow-large-dim")]
        public bool AllowLargeDimension { get; init; }

        /// <summary>Variance within classes along each direction; networks may want less than 1.</summary>
        [Option("within-class-factor", Min = 0)]
        public float WithinClassFactor { get; init; } = 1;

        /// <summary>Write a column more, which moves the mean to 0.</summary>
        [Option("remove-offset")]
        public bool RemoveOffset { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var transform = LdaEstimation.Estimate(StatisticsSum.Read<LdaStatistics>(arguments.Skip(1), io), new LdaOptions
        {
            Dimension = options.Dimension,
            AllowLargeDimension = options.AllowLargeDimension,
            WithinClassFactor = options.WithinClassFactor,
            RemoveOffset = options.RemoveOffset,
        });
        if (transform.Smoothing > 0)
        {
            log.Log($"Cholesky failed (possibly not +ve definite), so adding {KaldiLog.Number(transform.Smoothing)} to diagonal and trying "
                + "again.");
        }

        log.Log($"Data count is {KaldiLog.Number(transform.Count)}");
        log.Log($"LDA singular values are {KaldiLog.Vector(transform.SingularValues)}");
        log.Log($"Sum of all singular values is {KaldiLog.Number(transform.SingularValues.Sum())}");
        log.Log($"Sum of selected singular values is {KaldiLog.Number(transform.SingularValues.Take(options.Dimension).Sum())}");
        KaldiTables.Matrix.WriteOne(arguments[0], transform.Matrix, options.Binary, io);
        if (options.FullMatrix.Length > 0)
            KaldiTables.Matrix.WriteOne(options.FullMatrix, transform.Full, options.Binary, io);

        return true;
    }
}
