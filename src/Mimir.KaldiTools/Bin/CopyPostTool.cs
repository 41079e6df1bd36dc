using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-post: copies posteriors, with an optional scale.</summary>
internal sealed class CopyPostTool()
    : KaldiTool<CopyPostTool.Options>(
        "copy-post", "Copy archives of posteriors, with optional scaling", "<post-rspecifier> <post-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Factor of all weights; 0 leaves frames without entries.</summary>
        [Option("scale")]
        public float Scale { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = Posterior.Table.Map(
            Posterior.Table.Read(arguments[0], io), arguments[1], io, (_, posterior) => Scaled(posterior, options.Scale));
        log.Log($"Done copying {done} posteriors.");
        return done != 0;
    }

    private static Posterior Scaled(Posterior posterior, float scale) => scale == 1
        ? posterior
        : posterior.MapFrames((_, pairs) => scale == 0 ? [] : pairs.Select(pair => (pair.Index, pair.Weight * scale)));
}
