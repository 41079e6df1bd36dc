using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>The table that extracted features are written to: Kaldi's matrices, or HTK's files.</summary>
internal static class FeatureOutput
{
    private const int TenMilliseconds = 100_000;

    /// <summary>Opens a table of a format.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static TableWriter<FloatMatrix> Open(string format, string wspecifier, FeatureOptions options, KaldiIoOptions io) => format switch
    {
        "kaldi" => KaldiTables.Matrix.Create(wspecifier, io),
        "htk" => KaldiTables.HtkWith(Header(options)).Create(wspecifier, io),
        _ => throw new ArgumentException($"--output-format={format}: expected kaldi or htk."),
    };

    // As Kaldi's programs write it: only that of spectrograms looks at the frame shift, and that of PLP never says energy.
    private static HtkHeader Header(FeatureOptions options) => options switch
    {
        MfccOptions mfcc => new HtkHeader(TenMilliseconds, HtkHeader.Mfcc | (mfcc.UseEnergy ? HtkHeader.WithEnergy : HtkHeader.WithC0)),
        PlpOptions => new HtkHeader(TenMilliseconds, HtkHeader.Plp | HtkHeader.WithC0),
        FbankOptions { UseEnergy: true } => new HtkHeader(TenMilliseconds, HtkHeader.FilterBank | HtkHeader.WithEnergy),
        FbankOptions => new HtkHeader(TenMilliseconds, HtkHeader.FilterBank | HtkHeader.WithC0),
        _ => new HtkHeader((int)(options.Frame.FrameShift * 10_000), HtkHeader.FilterBank | HtkHeader.WithC0),
    };
}
