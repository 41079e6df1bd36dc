using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="FbankExtractor"/>; names and defaults are those of Kaldi's compute-fbank-feats.</summary>
public sealed record FbankOptions : MelFeatureOptions
{
    /// <summary>Add the log energy as a value: the first, or the last with htk-compat.</summary>
    [Option("use-energy")]
    public bool UseEnergy { get; init; }

    /// <summary>Take the logarithm of the filter energies.</summary>
    [Option("use-log-fbank")]
    public bool UseLogFbank { get; init; } = true;

    /// <summary>Filter the power spectrum; otherwise the magnitude spectrum.</summary>
    [Option("use-power")]
    public bool UsePower { get; init; } = true;

    /// <inheritdoc/>
    public override string Kind => "fbank";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new FbankExtractor(this);
}

/// <summary>Log mel filter-bank energies, as Kaldi's compute-fbank-feats.</summary>
public sealed class FbankExtractor : FrameFeatureExtractor
{
    private readonly FbankOptions _options;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public FbankExtractor(FbankOptions options)
        : base(options, precise: !options.UseLogFbank) => _options = options;

    /// <inheritdoc/>
    public override int Dimension => _options.Mel.NumMelBins + (_options.UseEnergy ? 1 : 0);

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        // Power spectrum; Kaldi: --use-power=false takes magnitudes.
        scratch.Transform();
        if (!_options.UsePower)
        {
            foreach (ref var bin in scratch.Power)
                bin = Vector.SquareRoot(bin);
        }

        // Mel filters (Kaldi: --num-mel-bins, --low-freq, --high-freq), then their logarithm (--use-log-fbank).
        scratch.ApplyMelFilters();
        var offset = _options.UseEnergy && !_options.HtkCompat ? 1 : 0;
        for (var i = 0; i < scratch.Mel.Length; i++)
        {
            scratch.Values[offset + i] = _options.UseLogFbank
                ? LaneMath.Log(Vector.Max(scratch.Mel[i], Constant<T>(LogFloor)))
                : scratch.Mel[i];
        }

        // Kaldi: --use-energy adds the log energy in front; --htk-compat moves it to the end.
        if (_options.UseEnergy)
        {
            var energy = LogEnergy(scratch.Block.Energy);
            scratch.Values[_options.HtkCompat ? scratch.Mel.Length : 0] = energy;
        }
    }
}
