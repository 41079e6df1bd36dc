using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>sum-lda-accs: adds statistics of LDA up.</summary>
internal sealed class SumLdaAccsTool()
    : KaldiTool<BinaryOptions>("sum-lda-accs", "Sum stats obtained with acc-lda.", "<stats-out> <stats-in> ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        LdaStatistics.ReadSum(arguments.Skip(1), io).Write(arguments[0], options.Binary, io);
        return true;
    }
}

/// <summary>sum-mllt-accs: adds statistics of MLLT up.</summary>
internal sealed class SumMlltAccsTool()
    : KaldiTool<BinaryOptions>("sum-mllt-accs", "Sum stats obtained with gmm-acc-mllt.", "<stats-out> <stats-in> ...")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        MlltStatistics.ReadSum(arguments.Skip(1), io).Write(arguments[0], options.Binary, io);
        return true;
    }
}
