using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>cmvn-to-nnet: turns global statistics into a shift and a scale.</summary>
internal sealed class CmvnToNnetTool()
    : KaldiTool<CmvnToNnetTool.Options>(
        "cmvn-to-nnet",
        "Convert cmvn-stats into <AddShift> and <Rescale> components.",
        "<transf-in> <nnet-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write the network in binary.</summary>
        [Option("binary")]
        public bool Binary { get; init; }

        /// <summary>Standard deviation of the output.</summary>
        [Option("std-dev")]
        public float Deviation { get; init; } = 1;

        /// <summary>Floor of variances, which bounds the factors.</summary>
        [Option("var-floor")]
        public float Floor { get; init; } = 1e-10f;

        /// <summary>Factor of the learning rate of both components.</summary>
        [Option("learn-rate-coef")]
        public float RateFactor { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var statistics = KaldiReader.ReadFile(arguments[0], io, (reader, binary) =>
        {
            var sums = reader.ReadDoubleMatrix(binary);
            return sums.GetLength(0) == 2 && sums.GetLength(1) >= 2 && sums[0, sums.GetLength(1) - 1] > 0
                ? sums
                : throw reader.Error($"expected statistics of 2 rows with a count, got {sums.GetLength(0)} x {sums.GetLength(1)}.");
        });
        NetworkFiles.Write(Normalisation(statistics, options, log), arguments[1], options.Binary, io);
        log.Log($"Written cmvn in 'nnet1' model to: {arguments[1]}");
        return true;
    }

    // Kaldi rounds the mean to a float before it squares it, which decides the last digits of the scale.
    private static NnetComponent[] Normalisation(double[,] statistics, Options options, KaldiLog log)
    {
        var dims = statistics.GetLength(1) - 1;
        var count = statistics[0, dims];
        var (shift, scale) = (new float[dims], new float[dims]);
        for (var d = 0; d < dims; d++)
        {
            var mean = (float)(statistics[0, d] / count);
            var variance = (float)((statistics[1, d] / count) - (mean * mean));
            if (variance <= options.Floor)
            {
                log.Warning($"Very small variance {MomentStatistics.Shown(variance)} flooring to {MomentStatistics.Shown(options.Floor)}");
                variance = options.Floor;
            }

            (shift[d], scale[d]) = (-mean, (float)(options.Deviation / Math.Sqrt(variance)));
            if (!float.IsFinite(shift[d]) || !float.IsFinite(scale[d]))
                throw new InputException($"expected finite statistics, those of dimension {d} make shift {shift[d]} and scale {scale[d]}.");
        }

        return [new AddShift(shift) { LearnRateCoef = options.RateFactor }, new Rescale(scale) { LearnRateCoef = options.RateFactor }];
    }
}
