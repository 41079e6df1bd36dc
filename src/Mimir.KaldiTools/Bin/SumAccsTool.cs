using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>sum-lda-accs and sum-mllt-accs: add statistics up.</summary>
/// <typeparam name="TStatistics">The kind of statistics.</typeparam>
internal sealed class SumAccsTool<TStatistics>(string name, string summary)
    : KaldiTool<BinaryOptions>(name, summary, "<stats-out> <stats-in> ...")
    where TStatistics : class, IStatistics<TStatistics>
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        StatisticsSum.Read<TStatistics>(arguments.Skip(1), io).Write(arguments[0], options.Binary, io);
        return true;
    }
}
