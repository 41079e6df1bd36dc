using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-acc-mllt: collects the statistics of a maximum likelihood linear transform.</summary>
internal sealed class GmmAccMlltTool()
    : KaldiTool<GmmAccMlltTool.Options>(
        "gmm-acc-mllt",
        "Accumulate MLLT (global STC) statistics",
        "<model-in> <feature-rspecifier> <posteriors-rspecifier> <stats-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Weight to which smaller ones of Gaussians are raised by chance, or left out; 0 keeps all.</summary>
        [Option("rand-prune", Min = 0)]
        public float Prune { get; init; } = 0.25f;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var pruning = new RandomPruning(options.Prune);
        var statistics = new MlltStatistics(model.Acoustic.Dimension);
        using var posteriors = Posterior.Table.Open(arguments[2], io);
        var done = new GmmAccumulation(model, log).Run(
            KaldiTables.Matrix.Read(arguments[1], io),
            key => posteriors.TryGet(key, out var posterior) ? posterior : null,
            "Posteriors",
            (pdf, _, frame, weight) => Add(model.Acoustic.Pdfs[pdf], frame, weight),
            addTransition: null);
        statistics.Write(arguments[3], options.Binary, io);
        log.Log("Written accs.");
        return done;

        float Add(DiagGmm mixture, ReadOnlySpan<float> frame, float weight)
        {
            var shares = new float[mixture.Gaussians];
            var logLikelihood = mixture.Posteriors(frame, shares);
            for (var gaussian = 0; gaussian < shares.Length; gaussian++)
            {
                if (pruning.Prune(shares[gaussian] * weight) is not 0 and var kept)
                    statistics.Add(frame, mixture.ScaledMeans.Row(gaussian), mixture.InverseVariances.Row(gaussian), kept);
            }

            return logLikelihood;
        }
    }
}
