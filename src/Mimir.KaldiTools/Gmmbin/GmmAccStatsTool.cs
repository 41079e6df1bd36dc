using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
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
        using var posteriors = Posterior.Table.Open(arguments[2], io);
        return GmmAccumulation.Accumulate(
            arguments,
            key => posteriors.TryGet(key, out var posterior) ? posterior : null,
            "Posteriors",
            GmmPartsText.Parse(options.UpdateFlags),
            options.Binary,
            log,
            io);
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
        using var alignments = KaldiTables.IntVector.Open(arguments[2], io);
        return GmmAccumulation.Accumulate(
            arguments,
            key => alignments.TryGet(key, out var alignment) ? Posterior.FromLabels(alignment) : null,
            "Alignments",
            GmmParts.All,
            options.Binary,
            log,
            io);
    }
}

/// <summary>gmm-acc-stats-twofeats: adds up statistics of features by the posteriors that other features give.</summary>
internal sealed class GmmAccStatsTwofeatsTool()
    : KaldiTool<BinaryOptions>(
        "gmm-acc-stats-twofeats",
        "Accumulate stats for GMM training, computing posteriors with one set of features but accumulating statistics with another. "
            + "First features are used to get posteriors, second to accumulate stats.",
        "<model-in> <feature1-rspecifier> <feature2-rspecifier> <posteriors-rspecifier> <stats-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        using var others = KaldiTables.Matrix.Open(arguments[2], io);
        using var posteriors = Posterior.Table.Open(arguments[3], io);
        GmmStatistics? statistics = null;
        var (missing, misfits) = (0, 0);
        FloatMatrix second = new(0, 0);
        var done = new GmmAccumulation(model, log).Run(
            KaldiTables.Matrix.Read(arguments[1], io).Where(Pair),
            key => posteriors.TryGet(key, out var posterior) ? posterior : null,
            "Posteriors",
            (pdf, row, frame, weight) => statistics!.Add(model.Acoustic, pdf, frame, second.Row(row), weight),
            (id, weight) => statistics!.Transitions[id] += weight);
        log.Log($"{missing} with no second features, {misfits} with second features of another size.");
        if (statistics is null)
            return false;

        statistics.Write(arguments[4], options.Binary, io);
        log.Log("Written accs.");
        return done;

        // The second features of the utterance that comes next.
        bool Pair(KeyValuePair<string, FloatMatrix> first)
        {
            if (!others.TryGet(first.Key, out var found))
            {
                log.Warning($"For utterance {first.Key}, second features not present.");
                missing++;
                return false;
            }

            statistics ??= new GmmStatistics(model, found.Columns);
            if (found.Rows != first.Value.Rows || found.Columns != statistics.Pdfs[0].Dimension)
            {
                log.Warning($"Features have mismatched sizes {first.Value.Rows} x {first.Value.Columns} vs. {found.Rows} x "
                    + $"{found.Columns} (utterance {first.Key})");
                misfits++;
                return false;
            }

            second = found;
            return true;
        }
    }
}
