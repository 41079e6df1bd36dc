using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>modify-cmvn-stats: makes normalisation skip dimensions, or turns sums into moments.</summary>
internal sealed class ModifyCmvnStatsTool()
    : KaldiTool<ModifyCmvnStatsTool.Options>(
        "modify-cmvn-stats",
        "Copy cepstral mean/variance stats so that some dimensions have 'fake' stats that will skip normalization.",
        "[<fake-dims>] <in-rspecifier> <out-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write the mean and the centered variance of each dimension instead of sums.</summary>
        [Option("convert-to-mean-and-var")]
        public bool Moments { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var skipped = arguments.Count == 3 ? SkippedDimensions.Parse(arguments[0]) : [];
        var (done, _) = KaldiTables.DoubleMatrix.Map(KaldiTables.DoubleMatrix.Read(arguments[^2], io), arguments[^1], io, (key, sums) =>
        {
            var statistics = new CmvnStatistics(sums).WithoutDimensions(skipped);
            if (!options.Moments)
                return statistics.ToMatrix();
            if (statistics.Count > 0)
                return Moments(statistics);

            log.Warning($"Zero or negative count for speaker {key}, not outputting mean and variance stats.");
            return null;
        });
        log.Log($"Modified {done} sets of stats.");
        return done != 0;
    }

    private static double[,] Moments(CmvnStatistics statistics)
    {
        var sums = statistics.ToMatrix();
        var moments = new double[2, statistics.Dimension];
        for (var d = 0; d < statistics.Dimension; d++)
        {
            moments[0, d] = sums[0, d] / statistics.Count;
            moments[1, d] = (sums[1, d] / statistics.Count) - (moments[0, d] * moments[0, d]);
        }

        return moments;
    }
}
