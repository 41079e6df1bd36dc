using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>
/// Cepstra of perceptual linear prediction, as Kaldi's compute-plp-feats gives them: mel energies weighted by equal
/// loudness and compressed, their autocorrelation, its linear prediction, and the cepstrum of that.
/// </summary>
/// <remarks>Algorithm: H. Hermansky, Perceptual linear predictive analysis of speech, JASA 87 (4), 1990.</remarks>
public sealed class PlpExtractor : FrameFeatureExtractor
{
    private const int HighestOrder = 500;

    private readonly PlpOptions _options;
    private readonly float[][] _cosines;
    private readonly float[] _scales;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two do not fit together.</exception>
    public PlpExtractor(PlpOptions options)
        : base(options)
    {
        if (options.LpcOrder is < 1 or > HighestOrder)
            throw new ArgumentException($"lpc-order: expected 1 to {HighestOrder}, got {options.LpcOrder}.");
        if (options.NumCeps < 1 || options.NumCeps > options.LpcOrder + 1)
        {
            throw new ArgumentException(
                $"num-ceps: expected 1 to lpc-order + 1 ({options.LpcOrder + 1}), got {options.NumCeps}.");
        }

        if (!(options.CompressFactor >= 0))
            throw new ArgumentException($"compress-factor: expected 0 or more, got {options.CompressFactor}.");

        _options = options;
        _cosines = Cosines(options.LpcOrder + 1, options.Mel.NumMelBins);
        _scales = Scales(options);
    }

    /// <inheritdoc/>
    public override int Dimension => _options.NumCeps;

    private protected override void ComputeBlock(FrameScratch scratch)
    {
        Fft.Power(scratch.Block.Samples, scratch.Power);
        scratch.ApplyMelFilters();
        Compress(scratch.Mel, scratch.EqualLoudness);

        var values = scratch.Values;
        Span<Vector<float>> autocorrelation = stackalloc Vector<float>[_options.LpcOrder + 1];
        Span<Vector<float>> predictor = stackalloc Vector<float>[_options.LpcOrder];
        Transform(scratch.Mel, autocorrelation);
        var residual = LinearPrediction.Solve(autocorrelation, predictor);
        LinearPrediction.ToCepstrum(predictor, values[1..]);

        // Kaldi floors the logarithm itself at the smallest normal number.
        values[0] = Vector.Max(Vector.Log(residual), SmallestNormal);
        for (var i = 0; i < values.Length; i++)
            values[i] *= _scales[i];

        if (_options.UseEnergy)
        {
            values[0] = _options.RawEnergy
                ? LogEnergy(scratch.Block.RawEnergy)
                : LogEnergy(scratch.Block.WindowedEnergy, SmallestNormal);
        }

        if (_options.HtkCompat)
        {
            var zeroth = values[0];
            values[1..].CopyTo(values);
            values[^1] = zeroth;
        }
    }

    private void Compress(Span<Vector<float>> mel, ReadOnlySpan<float> loudness)
    {
        for (var i = 0; i < mel.Length; i++)
        {
            var intensity = Vector.Max(mel[i] * loudness[i], SmallestNormal);
            mel[i] = Vector.Exp(Vector.Log(intensity) * _options.CompressFactor);
        }
    }

    private void Transform(ReadOnlySpan<Vector<float>> mel, Span<Vector<float>> autocorrelation)
    {
        for (var lag = 0; lag < autocorrelation.Length; lag++)
        {
            var sum = Vector<float>.Zero;
            for (var i = 0; i < mel.Length; i++)
                sum = Vector.FusedMultiplyAdd(mel[i], new Vector<float>(_cosines[lag][i]), sum);

            autocorrelation[lag] = sum;
        }
    }

    // The inverse transform of a spectrum that is even and periodic, and whose first and last bins repeat the outer
    // filters: their weights add up.
    private static float[][] Cosines(int lags, int bins)
    {
        var intervals = bins + 1;
        double Weight(int lag, int i) =>
            (i == 0 || i == intervals ? 0.5 : 1.0) / intervals * Math.Cos(Math.PI * lag * i / intervals);

        var rows = new float[lags][];
        for (var lag = 0; lag < lags; lag++)
        {
            var row = Enumerable.Range(1, bins).Select(i => Weight(lag, i)).ToArray();
            row[0] += Weight(lag, 0);
            row[^1] += Weight(lag, intervals);
            rows[lag] = [.. row.Select(weight => (float)weight)];
        }

        return rows;
    }

    private static float[] Scales(PlpOptions options)
    {
        var q = options.CepstralLifter;
        return [.. Enumerable.Range(0, options.NumCeps).Select(i =>
            (float)(options.CepstralScale * (q == 0 ? 1 : 1 + (0.5 * q * Math.Sin(Math.PI * i / q)))))];
    }
}
