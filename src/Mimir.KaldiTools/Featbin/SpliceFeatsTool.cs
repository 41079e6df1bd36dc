using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>splice-feats: joins each frame with its neighbours.</summary>
internal sealed class SpliceFeatsTool()
    : MapFeaturesTool<SpliceFeatsTool.Options>(
        "splice-feats",
        "Splice features with left and right context (e.g. prior to LDA).")
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

    private protected override FloatMatrix Map(FloatMatrix features, Options options) => Splicer.Splice(features, options.Left, options.Right);
}
