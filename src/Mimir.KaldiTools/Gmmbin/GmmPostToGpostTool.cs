using System.Numerics.Tensors;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Latbin;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-post-to-gpost: divides posteriors over transition-ids among the Gaussians.</summary>
internal sealed class GmmPostToGpostTool()
    : KaldiTool<GmmPostToGpostTool.Options>(
        "gmm-post-to-gpost",
        "Convert state-level posteriors to Gaussian-level posteriors",
        "<model-in> <feature-rspecifier> <posteriors-rspecifier> <gpost-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Weight to which smaller ones are raised by chance, or left out; 0 keeps all.</summary>
        [Option("rand-prune", Min = 0)]
        public float Prune { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var pruning = new RandomPruning(options.Prune);
        using var posteriors = Posterior.Table.Open(arguments[2], io);
        var (missing, misfits, weight, logLikelihood) = (0, 0, 0.0, 0.0);
        var (done, _) = GaussianPosterior.Table.Map(KaldiTables.Matrix.Read(arguments[1], io), arguments[3], io, (key, features) =>
        {
            if (!posteriors.TryGet(key, out var posterior))
            {
                missing++;
                return null;
            }

            if (posterior.Frames != features.Rows)
            {
                log.Warning($"Posterior vector has wrong size {posterior.Frames} vs. {features.Rows} (utterance {key})");
                misfits++;
                return null;
            }

            Posteriors.Check(model.Transitions, key, posterior);
            return Utterance.Run(key, () => new GaussianPosterior(
                [.. Enumerable.Range(0, features.Rows).Select(frame => Divide(posterior, features, frame))]));
        });
        log.Log($"Done {done} files, {missing} with no posteriors, {misfits} with other errors.");
        log.Log($"Overall avg like per frame (Gaussian only) = {KaldiLog.Number(logLikelihood / weight)} over "
            + $"{KaldiLog.Number(weight)} frames.");
        log.Log("Done converting post to gpost");
        return done != 0;

        List<(int, float[])> Divide(Posterior posterior, FloatMatrix features, int frame)
        {
            List<(int, float[])> pdfs = [];
            foreach (var (pdf, sum) in Posteriors.SumByPdf(model.Transitions, posterior, frame))
            {
                var mixture = model.Acoustic.Pdfs[pdf];
                var shares = new float[mixture.Gaussians];
                var value = mixture.Posteriors(features.Row(frame), shares);
                GmmStatistics.RequireFinite(value, pdf);
                TensorPrimitives.Multiply(shares, sum, shares);
                for (var gaussian = 0; gaussian < shares.Length; gaussian++)
                    shares[gaussian] = pruning.Prune(shares[gaussian]);

                if (shares.AsSpan().ContainsAnyExcept(0f))
                    pdfs.Add((pdf, shares));

                weight += sum;
                logLikelihood += value * sum;
            }

            return pdfs;
        }
    }
}
