using System.Numerics;

namespace Mimir.Features.Extraction;

/// <summary>
/// Log power spectra with the log energy in place of the first bin, as Kaldi's compute-spectrogram-feats gives
/// them.
/// </summary>
public sealed class SpectrogramExtractor : FrameFeatureExtractor
{
    private readonly SpectrogramOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SpectrogramExtractor(SpectrogramOptions options)
        : base(options) => _options = options;

    /// <inheritdoc/>
    public override int Dimension => _options.ReturnRawFft ? Fft.Length : (Fft.Length / 2) + 1;

    private protected override void ComputeBlock(FrameScratch scratch)
    {
        if (_options.ReturnRawFft)
        {
            Fft.Packed(scratch.Block.Samples, scratch.Values);
            return;
        }

        Fft.Power(scratch.Block.Samples, scratch.Power);
        for (var k = 1; k < scratch.Power.Length; k++)
            scratch.Values[k] = Vector.Log(Vector.Max(scratch.Power[k], LogFloor));

        scratch.Values[0] = LogEnergy(_options.RawEnergy ? scratch.Block.RawEnergy : scratch.Block.WindowedEnergy);
    }
}
