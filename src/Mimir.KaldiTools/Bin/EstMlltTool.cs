using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>est-mllt: estimates a maximum likelihood linear transform.</summary>
internal sealed class EstMlltTool()
    : KaldiTool<BinaryOptions>("est-mllt", "Do update for MLLT (also known as STC)", "<mllt-mat-out> <stats-in> ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var statistics = StatisticsSum.Read<MlltStatistics>(arguments.Skip(1), io);
        if (statistics.Count < 10 * statistics.Dimension)
        {
            var kind = statistics.Count > 2 * statistics.Dimension ? "very small" : "insufficient";
            log.Warning($"Mllt:Update, {kind} count {KaldiLog.Number(statistics.Count)}");
        }

        var frames = KaldiLog.Number(statistics.Count);
        var transform = MlltEstimation.Estimate(statistics, (round, gain) => log.Log(
            $"MLLT objective improvement per frame by {round}'th iteration is {KaldiLog.Number(gain)} per frame over {frames} frames."));
        log.Log($"Overall objective function improvement for MLLT is {KaldiLog.Number(transform.Improvement / statistics.Count)} over "
            + $"{frames} frames, logdet is {KaldiLog.Number(transform.LogDeterminant)}");
        KaldiTables.Matrix.WriteOne(arguments[0], transform.Matrix, options.Binary, io);
        return true;
    }
}
