using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>modify-cmvn-stats: makes normalisation leave some values alone, or turns sums into moments.</summary>
internal sealed class ModifyCmvnStatsTool : KaldiTool
{
    private bool _moments;

    /// <summary>Creates the program.</summary>
    public ModifyCmvnStatsTool()
        : base(
            "modify-cmvn-stats",
            "Copy cepstral mean/variance stats so that some dimensions have 'fake' stats that will skip normalization.",
            "[<fake-dims>] <in-rspecifier> <out-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) => parser.AddBool(
        "convert-to-mean-and-var",
        false,
        "If true, convert the stats to a matrix containing the mean and the centered variance in each dimension",
        v => _moments = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var skipped = arguments.Count == 3 ? SkippedDimensions.Parse(arguments[0]) : [];
        var done = 0;
        using var output = KaldiTables.DoubleMatrix.Create(arguments[^1], io);
        output.Fill(() =>
        {
            foreach (var (key, sums) in KaldiTables.DoubleMatrix.Read(arguments[^2], io))
            {
                var statistics = new CmvnStatistics(sums).WithoutDimensions(skipped);
                if (_moments && !(statistics.Count > 0))
                {
                    log.Warning($"Zero or negative count for speaker {key}, not outputting mean and variance stats.");
                    continue;
                }

                output.Write(key, _moments ? Moments(statistics) : statistics.ToMatrix());
                done++;
            }
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
