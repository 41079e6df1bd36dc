using System.Numerics;

namespace Mimir.Features.Extraction;

/// <summary>Mel-frequency cepstra, as Kaldi's compute-mfcc-feats gives them.</summary>
public sealed class MfccExtractor : FrameFeatureExtractor
{
    private readonly MfccOptions _options;
    private readonly float[][] _cosines;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public MfccExtractor(MfccOptions options)
        : base(options)
    {
        if (options.NumCeps < 1 || options.NumCeps > options.Mel.NumMelBins)
        {
            throw new ArgumentException(
                $"num-ceps: expected 1 to num-mel-bins ({options.Mel.NumMelBins}), got {options.NumCeps}.");
        }

        _options = options;
        _cosines = Cosines(options);
    }

    /// <inheritdoc/>
    public override int Dimension => _options.NumCeps;

    private protected override void ComputeBlock(FrameScratch scratch)
    {
        Fft.Power(scratch.Block.Samples, scratch.Power);
        scratch.ApplyMelFilters();
        var mel = scratch.Mel;
        foreach (ref var energy in mel)
            energy = Vector.Log(Vector.Max(energy, LogFloor));

        var values = scratch.Values;
        for (var c = 0; c < values.Length; c++)
        {
            var sum = Vector<float>.Zero;
            for (var i = 0; i < mel.Length; i++)
                sum += mel[i] * _cosines[c][i];

            values[c] = sum;
        }

        if (_options.UseEnergy)
            values[0] = LogEnergy(_options.RawEnergy ? scratch.Block.RawEnergy : scratch.Block.WindowedEnergy);

        if (_options.HtkCompat)
            PutZerothLast(values);
    }

    // HTK's zeroth cepstrum lacks the factor that makes the first row of the transform orthonormal.
    private void PutZerothLast(Span<Vector<float>> values)
    {
        var zeroth = _options.UseEnergy ? values[0] : values[0] * MathF.Sqrt(2);
        values[1..].CopyTo(values);
        values[^1] = zeroth;
    }

    // The orthonormal cosine transform, its rows scaled by the lifter.
    private static float[][] Cosines(MfccOptions options)
    {
        var bins = options.Mel.NumMelBins;
        var rows = new float[options.NumCeps][];
        for (var c = 0; c < rows.Length; c++)
        {
            var q = options.CepstralLifter;
            var lifter = q == 0 ? 1 : 1 + (0.5 * q * Math.Sin(Math.PI * c / q));
            var scale = lifter * Math.Sqrt((c == 0 ? 1.0 : 2.0) / bins);
            rows[c] = new float[bins];
            for (var i = 0; i < bins; i++)
                rows[c][i] = (float)(scale * Math.Cos(Math.PI / bins * (i + 0.5) * c));
        }

        return rows;
    }
}
