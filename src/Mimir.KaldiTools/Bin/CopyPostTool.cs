using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-post: posteriors, perhaps scaled.</summary>
internal sealed class CopyPostTool()
    : PosteriorTool("copy-post", "Copy archives of posteriors, with optional scaling", "<post-rspecifier> <post-wspecifier>")
{
    private float _scale = 1;

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddFloat("scale", 1, "Scale for posteriors", v => _scale = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var done = Map(Posterior.Table.Read(arguments[0], io), arguments[1], io, (_, posterior) => Scaled(posterior));
        log.Log($"Done copying {done} posteriors.");
        return done != 0;
    }

    private Posterior Scaled(Posterior posterior) => _scale == 1
        ? posterior
        : Frames(posterior, frame =>
            _scale == 0 ? [] : Pairs(posterior, frame).Select(pair => (pair.Index, pair.Weight * _scale)));
}
