using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Featbin;

/// <summary>splice-feats: joins each frame with its neighbours.</summary>
internal sealed class SpliceFeaturesTool : MapFeaturesTool
{
    private int _left = 4;
    private int _right = 4;

    /// <summary>Creates the program.</summary>
    public SpliceFeaturesTool()
        : base("splice-feats", "Splice features with left and right context (e.g. prior to LDA).")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt("left-context", _left, "Number of frames of left context", v => _left = v);
        parser.AddInt("right-context", _right, "Number of frames of right context", v => _right = v);
    }

    private protected override FloatMatrix Map(FloatMatrix features) => Splicer.Splice(features, _left, _right);
}
