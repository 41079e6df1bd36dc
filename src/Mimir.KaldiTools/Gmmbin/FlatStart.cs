using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>The one Gaussian of all frames of a table.</summary>
internal static class FlatStart
{
    /// <summary>Reads a table of features.</summary>
    /// <exception cref="InputException">The table has no frames, or its utterances do not fit together.</exception>
    public static DiagGmm Read(string rspecifier, KaldiIoOptions io)
    {
        var moments = new FeatureMoments();
        foreach (var (_, features) in KaldiTables.Matrix.Read(rspecifier, io))
            moments.Add(features);

        return moments.ToGmm();
    }
}
