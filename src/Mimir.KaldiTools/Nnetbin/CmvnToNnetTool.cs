using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>cmvn-to-nnet: global statistics as a shift and a scale.</summary>
internal sealed class CmvnToNnetTool : KaldiTool
{
    private bool _binary;
    private float _deviation = 1;
    private float _floor = 1e-10f;
    private float _rate;

    /// <summary>Creates the program.</summary>
    public CmvnToNnetTool()
        : base("cmvn-to-nnet", "Convert cmvn-stats into <AddShift> and <Rescale> components.", "<transf-in> <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", false, "Write output in binary mode", v => _binary = v);
        parser.AddFloat("std-dev", 1, "Standard deviation of the output.", v => _deviation = v);
        parser.AddFloat("var-floor", 1e-10f, "Floor the variance, so the factors in <Rescale> are bounded.", v => _floor = v);
        parser.AddFloat("learn-rate-coef", 0, "Initialize learning-rate coefficient to a value.", v => _rate = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        double[,] statistics;
        using (var reader = KaldiReader.Open(arguments[0], io))
        {
            statistics = reader.ReadDoubleMatrix(reader.ReadBinaryMarker());
            if (statistics.GetLength(0) != 2 || statistics.GetLength(1) < 2 || !(statistics[0, statistics.GetLength(1) - 1] > 0))
            {
                throw reader.Error(
                    $"expected statistics of 2 rows with a count, got {statistics.GetLength(0)} x {statistics.GetLength(1)}.");
            }
        }

        NnetOutput.Write(Normalisation(statistics, log), arguments[1], _binary, io);
        log.Log($"Written cmvn in 'nnet1' model to: {arguments[1]}");
        return true;
    }

    // The mean is a float before it is squared, as in Kaldi: that decides the last digits of the scale.
    private Nnet1File Normalisation(double[,] statistics, KaldiLog log)
    {
        var dims = statistics.GetLength(1) - 1;
        var count = statistics[0, dims];
        var (shift, scale) = (new float[dims], new float[dims]);
        for (var d = 0; d < dims; d++)
        {
            var mean = (float)(statistics[0, d] / count);
            var variance = (float)((statistics[1, d] / count) - (mean * mean));
            if (variance <= _floor)
            {
                log.Warning($"Very small variance {MomentStatistics.Shown(variance)} flooring to {MomentStatistics.Shown(_floor)}");
                variance = _floor;
            }

            (shift[d], scale[d]) = (-mean, (float)(_deviation / Math.Sqrt(variance)));
            if (!float.IsFinite(shift[d]) || !float.IsFinite(scale[d]))
                throw new InputException($"expected finite statistics, those of dimension {d} make shift {shift[d]} and scale {scale[d]}.");
        }

        return new([new AddShift(shift) { LearnRateCoef = _rate }, new Rescale(scale) { LearnRateCoef = _rate }]);
    }
}
