using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>post-to-pdf-post: turns posteriors over transition-ids into posteriors over distributions.</summary>
internal sealed class PostToPdfPostTool()
    : KaldiTool<NoOptions>(
        "post-to-pdf-post",
        "This program turns per-frame posteriors, which have transition-ids as the integers, into pdf-level posteriors",
        "<model-file> <posteriors-rspecifier> <posteriors-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var (done, _) = Posterior.Table.Map(Posterior.Table.Read(arguments[1], io), arguments[2], io, (key, posterior) =>
        {
            Posteriors.Check(model, key, posterior);
            return posterior.MapFrames((frame, _) => Posteriors.SumByPdf(model, posterior, frame));
        });
        log.Log($"Done converting posteriors to pdf-level posteriors for {done} utterances.");
        return true;
    }
}
