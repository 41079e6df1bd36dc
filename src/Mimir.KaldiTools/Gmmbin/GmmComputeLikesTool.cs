using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-compute-likes: computes the log-likelihoods of all frames under all pdfs.</summary>
internal sealed class GmmComputeLikesTool()
    : KaldiTool<NoOptions>(
        "gmm-compute-likes",
        "Compute log-likelihoods from GMM-based model (outputs matrices of log-likelihoods indexed by (frame, pdf)",
        "<model-in> <features-rspecifier> <likes-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var scorer = new GmmScorer(GmmModel.Read(arguments[0], io).Acoustic);
        var (done, _) = TableLoops.MapMatrices(arguments[1], arguments[2], io, (key, features) =>
        {
            try
            {
                return scorer.Score(features);
            }
            catch (InputException e)
            {
                throw new InputException($"utterance '{key}': {e.Message}", e);
            }
        });
        log.Log($"gmm-compute-likes: computed likelihoods for {done} utterances.");
        return true;
    }
}
