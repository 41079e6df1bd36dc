using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-ismooth-stats: adds virtual frames of a model or of other statistics to statistics.</summary>
internal sealed class GmmIsmoothStatsTool()
    : KaldiTool<GmmIsmoothStatsTool.Options>(
        "gmm-ismooth-stats",
        "Apply I-smoothing to statistics, e.g. for discriminative training",
        "(<src-stats-in>|<src-model-in>) <dst-stats-in> <stats-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write a file in binary.</summary>
        [Option("binary")]
        public bool Binary { get; init; }

        /// <summary>The first argument is a model and not statistics.</summary>
        [Option("smooth-from-model")]
        public bool SmoothFromModel { get; init; }

        /// <summary>Virtual frames of each Gaussian.</summary>
        [Option("tau", Min = 0)]
        public float Tau { get; init; } = 100;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var target = GmmStatistics.Read(arguments[1], io);
        IReadOnlyList<PdfStatistics> sources = options.SmoothFromModel
            ? [.. GmmModel.Read(arguments[0], io).Acoustic.Pdfs.Select(PdfStatistics.Of)]
            : GmmStatistics.Read(arguments[0], io).Pdfs;
        var before = target.Pdfs.Sum(pdf => pdf.Count);
        if (sources.Count != target.Pdfs.Count)
            throw new InputException($"{arguments[0]} has {sources.Count} pdfs, {arguments[1]} has {target.Pdfs.Count}.");

        for (var pdf = 0; pdf < sources.Count; pdf++)
        {
            var (from, to) = (sources[pdf], target.Pdfs[pdf]);
            if ((from.Gaussians, from.Dimension) != (to.Gaussians, to.Dimension))
            {
                throw new InputException(
                    $"pdf {pdf} has {from.Gaussians} Gaussians of {from.Dimension} dimensions in {arguments[0]}, {to.Gaussians} of "
                    + $"{to.Dimension} in {arguments[1]}.");
            }

            to.Smooth(from, options.Tau);
        }

        target.Write(arguments[2], options.Binary, io);
        log.Log($"Smoothed stats with tau = {KaldiLog.Number(options.Tau)}, count changed from {KaldiLog.Number(before)} to "
            + $"{KaldiLog.Number(target.Pdfs.Sum(pdf => pdf.Count))}");
        return true;
    }
}
