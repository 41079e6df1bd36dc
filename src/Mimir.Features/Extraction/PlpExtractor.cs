using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="PlpExtractor"/>; names and defaults are those of Kaldi's compute-plp-feats.</summary>
public sealed record PlpOptions : MelFeatureOptions
{
    /// <summary>Order of the linear prediction.</summary>
    [Option("lpc-order", Min = 1, Max = 500)]
    public int LpcOrder { get; init; } = 12;

    /// <summary>Number of cepstra with C0; at most lpc-order + 1.</summary>
    [Option("num-ceps", Min = 1)]
    public int NumCeps { get; init; } = 13;

    /// <summary>Put the log energy in place of C0.</summary>
    [Option("use-energy")]
    public bool UseEnergy { get; init; } = true;

    /// <summary>Exponent of the compression from intensity to loudness.</summary>
    [Option("compress-factor", Min = 0)]
    public float CompressFactor { get; init; } = 0.33333f;

    /// <summary>Constant Q of the lifter 1 + Q / 2 sin(pi i / Q); 0 turns it off.</summary>
    [Option("cepstral-lifter")]
    public int CepstralLifter { get; init; } = 22;

    /// <summary>Factor of all cepstra, but not of the log energy.</summary>
    [Option("cepstral-scale")]
    public float CepstralScale { get; init; } = 1;

    /// <inheritdoc/>
    public override string Kind => "plp";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new PlpExtractor(this);
}

/// <summary>
/// Cepstra of perceptual linear prediction, as Kaldi's compute-plp-feats: mel energies weighted by equal loudness and
/// compressed, their autocorrelation, its linear prediction, and the cepstrum of that.
/// </summary>
/// <remarks>Algorithm: H. Hermansky, Perceptual linear predictive analysis of speech, JASA 87 (4), 1990.</remarks>
public sealed class PlpExtractor : FrameFeatureExtractor
{
    private readonly PlpOptions _options;
    private readonly float[][] _cosines;
    private readonly float[] _scales;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public PlpExtractor(PlpOptions options)
        : base(options)
    {
        if (options.NumCeps > options.LpcOrder + 1)
            throw new InputException($"num-ceps: expected 1 to lpc-order + 1 ({options.LpcOrder + 1}), got {options.NumCeps}");

        _options = options;
        _cosines = Cosines(options.LpcOrder + 1, options.Mel.NumMelBins);
        _scales = Scales(options);
    }

    /// <inheritdoc/>
    public override int Dimension => _options.NumCeps;

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        // Power spectrum, mel energies, equal loudness, and the intensity-loudness power law (Kaldi: --compress-factor).
        scratch.Transform();
        scratch.ApplyMelFilters();
        Compress(scratch.Mel, scratch.EqualLoudness);

        // Autocorrelation, linear prediction (Kaldi: --lpc-order), and the cepstrum of its filter.
        var values = scratch.Values;
        Span<Vector<T>> autocorrelation = stackalloc Vector<T>[_options.LpcOrder + 1];
        Span<Vector<T>> predictor = stackalloc Vector<T>[_options.LpcOrder];
        Transform(scratch.Mel, autocorrelation);
        var residual = LinearPrediction.Solve<T>(autocorrelation, predictor);
        LinearPrediction.ToCepstrum<T>(predictor, values[1..]);

        // C0 is the logarithm of the residual; Kaldi floors the logarithm itself at the smallest normal number.
        values[0] = Vector.Max(LaneMath.Log(Vector.Max(residual, Constant<T>(SmallestNormal))), Constant<T>(SmallestNormal));

        // Kaldi: --cepstral-lifter and --cepstral-scale.
        for (var i = 0; i < values.Length; i++)
            values[i] *= T.CreateTruncating(_scales[i]);

        // Kaldi: --use-energy replaces C0 by the log energy.
        if (_options.UseEnergy)
            values[0] = LogEnergy(scratch.Block.Energy, _options.RawEnergy ? LogFloor : SmallestNormal);

        // Kaldi: --htk-compat moves C0 or the energy to the end.
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
