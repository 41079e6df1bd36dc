using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>Where extracted features go: Kaldi's matrices, or HTK's files.</summary>
internal sealed class FeatureOutput : ITableWriter
{
    private const int TenMilliseconds = 100_000;

    private readonly ITableWriter _table;
    private readonly Action<string, FloatMatrix> _write;

    private FeatureOutput(ITableWriter table, Action<string, FloatMatrix> write) => (_table, _write) = (table, write);

    /// <summary>Opens a table of a format.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static FeatureOutput Open(string format, string wspecifier, FeatureOptions options, KaldiIoOptions io)
    {
        switch (format)
        {
            case "kaldi":
                var kaldi = new MatrixTableWriter(wspecifier, io);
                return new FeatureOutput(kaldi, kaldi.Write);
            case "htk":
                var htk = new HtkTableWriter(wspecifier, io);
                var header = Header(options);
                return new FeatureOutput(htk, (key, features) => htk.Write(key, features, header));
            default:
                throw new ArgumentException($"--output-format={format}: expected kaldi or htk.");
        }
    }

    public void Write(string key, FloatMatrix features) => _write(key, features);

    public void Discard() => _table.Discard();

    public void Dispose() => _table.Dispose();

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
