using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>splice-feats: joins each frame with its neighbours.</summary>
internal sealed class SpliceFeatsTool()
    : KaldiTool<SpliceFeatsTool.Options>(
        "splice-feats",
        "Splice features with left and right context (e.g. prior to LDA).",
        "<feats-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Frames before each frame.</summary>
        [Option("left-context", Min = 0)]
        public int Left { get; init; } = 4;

        /// <summary>Frames after each frame.</summary>
        [Option("right-context", Min = 0)]
        public int Right { get; init; } = 4;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = TableLoops.MapMatrices(
            arguments[0], arguments[1], io, (_, features) => Splicer.Splice(features, options.Left, options.Right));
        log.Log($"Processed {done} feature matrices.");
        return done != 0;
    }
}
