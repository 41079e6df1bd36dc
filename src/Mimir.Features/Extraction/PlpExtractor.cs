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

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        scratch.Transform();
        scratch.ApplyMelFilters();
        Compress(scratch.Mel, scratch.EqualLoudness);

        var values = scratch.Values;
        Span<Vector<T>> autocorrelation = stackalloc Vector<T>[_options.LpcOrder + 1];
        Span<Vector<T>> predictor = stackalloc Vector<T>[_options.LpcOrder];
        Transform(scratch.Mel, autocorrelation);
        var residual = LinearPrediction.Solve<T>(autocorrelation, predictor);
        LinearPrediction.ToCepstrum<T>(predictor, values[1..]);

        // Kaldi floors the logarithm itself at the smallest normal number.
        values[0] = Vector.Max(LaneMath.Log(Vector.Max(residual, Constant<T>(SmallestNormal))), Constant<T>(SmallestNormal));
        for (var i = 0; i < values.Length; i++)
            values[i] *= T.CreateTruncating(_scales[i]);

        if (_options.UseEnergy)
        {
            values[0] = LogEnergy(scratch.Block.Energy, _options.RawEnergy ? LogFloor : SmallestNormal);
        }

        if (_options.HtkCompat)
        {
            var zeroth = values[0];
            values[1..].CopyTo(values);
            values[^1] = zeroth;
        }
    }

    private void Compress<T>(Span<Vector<T>> mel, ReadOnlySpan<float> loudness)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < mel.Length; i++)
        {
            var intensity = Vector.Max(mel[i] * T.CreateTruncating(loudness[i]), Constant<T>(SmallestNormal));
            mel[i] = LaneMath.Exp(LaneMath.Log(intensity) * T.CreateTruncating(_options.CompressFactor));
        }
    }

    private void Transform<T>(ReadOnlySpan<Vector<T>> mel, Span<Vector<T>> autocorrelation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var lag = 0; lag < autocorrelation.Length; lag++)
        {
            var sum = Vector<T>.Zero;
            for (var i = 0; i < mel.Length; i++)
                sum = LaneMath.MultiplyAdd(mel[i], new Vector<T>(T.CreateTruncating(_cosines[lag][i])), sum);

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
