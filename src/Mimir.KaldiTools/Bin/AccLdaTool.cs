using Mimir.Base.Options;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>acc-lda: collects the statistics of LDA with the distributions as classes.</summary>
internal sealed class AccLdaTool()
    : KaldiTool<AccLdaTool.Options>(
        "acc-lda",
        "Accumulate LDA statistics based on pdf-ids.",
        "<transition-gmm/model> <features-rspecifier> <posteriors-rspecifier> <lda-acc-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Weight to which smaller posteriors are raised by chance, or left out; 0 keeps all.</summary>
        [Option("rand-prune", Min = 0)]
        public float Prune { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var pruning = new RandomPruning(options.Prune);
        using var posteriors = Posterior.Table.Open(arguments[2], io);
        LdaStatistics? statistics = null;
        var (done, failed) = (0, 0);
        foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[1], io))
        {
            if (!posteriors.TryGet(key, out var posterior))
            {
                log.Warning($"No posteriors for utterance {key}");
                failed++;
            }
            else if (posterior.Frames != features.Rows)
            {
                log.Warning($"Posterior vs. feats size mismatch {posterior.Frames} vs. {features.Rows} (utterance {key})");
                failed++;
            }
            else if (statistics is not null && statistics.Dimension != features.Columns)
            {
                log.Warning($"Feature dimension mismatch {statistics.Dimension} vs. {features.Columns} (utterance {key})");
                failed++;
            }
            else
            {
                Posteriors.Check(model, key, posterior);
                statistics ??= new LdaStatistics(model.PdfCount, features.Columns);
                for (var frame = 0; frame < features.Rows; frame++)
                {
                    foreach (var (pdf, weight) in Posteriors.SumByPdf(model, posterior, frame))
                    {
                        if (pruning.Prune(weight) is not 0 and var kept)
                            statistics.Add(pdf, features.Row(frame), kept);
                    }
                }

                done++;
            }
        }

        log.Log($"Done {done} files, failed for {failed}");
        if (statistics is null)
            return false;

        statistics.Write(arguments[3], options.Binary, io);
        log.Log("Written statistics.");
        return done != 0;
    }
}
