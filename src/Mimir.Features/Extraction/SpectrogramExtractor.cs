using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="SpectrogramExtractor"/>; names and defaults are those of Kaldi's compute-spectrogram-feats.</summary>
public sealed record SpectrogramOptions : FeatureOptions
{
    /// <summary>Return the complex transform itself, in Kaldi's packed order.</summary>
    [Option("return-raw-fft")]
    public bool ReturnRawFft { get; init; }

    /// <inheritdoc/>
    public override string Kind => "spectrogram";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new SpectrogramExtractor(this);
}

/// <summary>Log power spectra with the log energy in place of the first bin, as Kaldi's compute-spectrogram-feats.</summary>
public sealed class SpectrogramExtractor : FrameFeatureExtractor
{
    private readonly SpectrogramOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public SpectrogramExtractor(SpectrogramOptions options)
        : base(options, precise: true) => _options = options;

    /// <inheritdoc/>
    public override int Dimension => _options.ReturnRawFft ? _options.Frame.PaddedWindowSize : (_options.Frame.PaddedWindowSize / 2) + 1;

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        // Kaldi: --return-raw-fft.
        if (_options.ReturnRawFft)
        {
            scratch.Fft.Packed(scratch.Block.Samples, scratch.Values);
            return;
        }

        // Log power spectrum, with the log energy in place of bin 0.
        scratch.Transform();
        for (var k = 1; k < scratch.Power.Length; k++)
            scratch.Values[k] = LaneMath.Log(Vector.Max(scratch.Power[k], Constant<T>(LogFloor)));

        scratch.Values[0] = LogEnergy(scratch.Block.Energy);
    }
}
