using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-sum-accs: adds up the statistics of several jobs.</summary>
internal sealed class GmmSumAccsTool()
    : KaldiTool<BinaryOptions>(
        "gmm-sum-accs", "Sum multiple accumulated stats files for GMM training.", "<stats-out> <stats-in1> [<stats-in2>] ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var sum = StatisticsSum.Read<GmmStatistics>(arguments.Skip(1), io);
        sum.Write(arguments[0], options.Binary, io);
        log.Log($"Summed {arguments.Count - 1} stats, total count {KaldiLog.Number(sum.Frames)}, avg like/frame "
            + $"{KaldiLog.Number(sum.LogLikelihood / sum.Frames)}");
        log.Log($"Total count of stats is {KaldiLog.Number(sum.Pdfs.Sum(pdf => pdf.Count))}");
        log.Log($"Written stats to {arguments[0]}");
        return true;
    }
}
