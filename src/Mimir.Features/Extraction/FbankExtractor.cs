using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Logarithms of mel filter energies, as Kaldi's compute-fbank-feats gives them.</summary>
public sealed class FbankExtractor : FrameFeatureExtractor
{
    private readonly FbankOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public FbankExtractor(FbankOptions options)
        : base(options, precise: !options.UseLogFbank) => _options = options;

    /// <inheritdoc/>
    public override int Dimension => _options.Mel.NumMelBins + (_options.UseEnergy ? 1 : 0);

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        scratch.Transform();
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
                ? LaneMath.Log(Vector.Max(scratch.Mel[i], Constant<T>(LogFloor)))
                : scratch.Mel[i];
        }

        if (_options.UseEnergy)
        {
            var energy = LogEnergy(scratch.Block.Energy);
            scratch.Values[_options.HtkCompat ? scratch.Mel.Length : 0] = energy;
        }
    }
}
