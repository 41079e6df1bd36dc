using System.Numerics;

namespace Mimir.Features.Extraction;

/// <summary>Logarithms of mel filter energies, as Kaldi's compute-fbank-feats gives them.</summary>
public sealed class FbankExtractor : FrameFeatureExtractor
{
    private readonly FbankOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public FbankExtractor(FbankOptions options)
        : base(options) => _options = options;

    /// <inheritdoc/>
    public override int Dimension => _options.Mel.NumMelBins + (_options.UseEnergy ? 1 : 0);

    private protected override void ComputeBlock(FrameScratch scratch)
    {
        Fft.Power(scratch.Block.Samples, scratch.Power);
        if (!_options.UsePower)
        {
            foreach (ref var bin in scratch.Power)
                bin = Vector.SquareRoot(bin);
        }

        scratch.ApplyMelFilters();
        var offset = _options.UseEnergy && !_options.HtkCompat ? 1 : 0;
        for (var i = 0; i < scratch.Mel.Length; i++)
        {
            scratch.Values[offset + i] = _options.UseLogFbank
                ? Vector.Log(Vector.Max(scratch.Mel[i], LogFloor))
                : scratch.Mel[i];
        }

        if (_options.UseEnergy)
        {
            var energy = LogEnergy(_options.RawEnergy ? scratch.Block.RawEnergy : scratch.Block.WindowedEnergy);
            scratch.Values[_options.HtkCompat ? scratch.Mel.Length : 0] = energy;
        }
    }
}
