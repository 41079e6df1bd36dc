using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-acc-stats: adds up the statistics of a model from posteriors.</summary>
internal sealed class GmmAccStatsTool()
    : KaldiTool<GmmAccStatsTool.Options>(
        "gmm-acc-stats",
        "Accumulate stats for GMM training (reading in posteriors).",
        "<model-in> <feature-rspecifier> <posteriors-rspecifier> <stats-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Parts of the model that the statistics shall serve to estimate: letters of mvwt.</summary>
        [Option("update-flags")]
        public string UpdateFlags { get; init; } = "mvwt";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        using var posteriors = Posterior.Table.Open(arguments[2], io);
        var statistics = new GmmStatistics(model, GmmPartsText.Parse(options.UpdateFlags));
        var done = new GmmAccumulation(model, log).Run(
            KaldiTables.Matrix.Read(arguments[1], io),
            key => posteriors.TryGet(key, out var posterior) ? posterior : null,
            "Posteriors",
            (pdf, frame, weight) => statistics.Add(model.Acoustic, pdf, frame, weight),
            (id, weight) => statistics.Transitions[id] += weight);
        statistics.Write(arguments[3], options.Binary, io);
        log.Log("Written accs.");
        return done;
    }
}

/// <summary>gmm-acc-stats-ali: adds up the statistics of a model from alignments.</summary>
internal sealed class GmmAccStatsAliTool()
    : KaldiTool<BinaryOptions>(
        "gmm-acc-stats-ali",
        "Accumulate stats for GMM training.",
        "<model-in> <feature-rspecifier> <alignments-rspecifier> <stats-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        using var alignments = KaldiTables.IntVector.Open(arguments[2], io);
        var statistics = new GmmStatistics(model);
        var done = new GmmAccumulation(model, log).Run(
            KaldiTables.Matrix.Read(arguments[1], io),
            key => alignments.TryGet(key, out var alignment) ? Posterior.FromLabels(alignment) : null,
            "Alignments",
            (pdf, frame, weight) => statistics.Add(model.Acoustic, pdf, frame, weight),
            (id, weight) => statistics.Transitions[id] += weight);
        statistics.Write(arguments[3], options.Binary, io);
        log.Log("Written accs.");
        return done;
    }
}
