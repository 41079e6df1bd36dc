using Mimir.Features.Matrices;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>copy-feats: copies a table, for example from binary to text, or out of compression.</summary>
internal sealed class CopyFeaturesTool : MapFeaturesTool
{
    /// <summary>Creates the program.</summary>
    public CopyFeaturesTool()
        : base("copy-feats", "Copy features, possibly changing format (compressed input is expanded).")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("compress", false, "Only false is written here", Refuse);

    private protected override FloatMatrix Map(FloatMatrix features) => features;

    private static void Refuse(bool compress)
    {
        if (compress)
            throw new FormatException("compressed matrices are read here, but not written");
    }
}
