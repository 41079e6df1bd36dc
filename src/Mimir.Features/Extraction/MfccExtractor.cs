using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="MfccExtractor"/>; names and defaults are those of Kaldi's compute-mfcc-feats.</summary>
public sealed record MfccOptions : MelFeatureOptions
{
    /// <summary>Put the log energy in place of C0.</summary>
    [Option("use-energy")]
    public bool UseEnergy { get; init; } = true;

    /// <summary>Number of cepstra with C0; at most num-mel-bins.</summary>
    [Option("num-ceps", Min = 1)]
    public int NumCeps { get; init; } = 13;

    /// <summary>Constant Q of the lifter 1 + Q / 2 sin(pi i / Q); 0 turns it off.</summary>
    [Option("cepstral-lifter")]
    public float CepstralLifter { get; init; } = 22;

    /// <inheritdoc/>
    public override string Kind => "mfcc";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new MfccExtractor(this);
}

/// <summary>Mel-frequency cepstral coefficients, as Kaldi's compute-mfcc-feats.</summary>
public sealed class MfccExtractor : FrameFeatureExtractor
{
    private readonly MfccOptions _options;
    private readonly float[][] _cosines;

    /// <summary>Creates an extractor.</summary>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public MfccExtractor(MfccOptions options)
        : base(options)
    {
        if (options.NumCeps > options.Mel.NumMelBins)
            throw new InputException($"num-ceps: expected 1 to num-mel-bins ({options.Mel.NumMelBins}), got {options.NumCeps}");

        _options = options;
        _cosines = Cosines(options);
    }

    /// <inheritdoc/>
    public override int Dimension => _options.NumCeps;

    private protected override void ComputeBlock<T>(FrameScratch<T> scratch)
    {
        // Power spectrum and log mel energies (Kaldi: --num-mel-bins, --low-freq, --high-freq).
        scratch.Transform();
        scratch.ApplyMelFilters();
        var mel = scratch.Mel;
        foreach (ref var energy in mel)
            energy = LaneMath.Log(Vector.Max(energy, Constant<T>(LogFloor)));

        // Cosine transform and lifter (Kaldi: --num-ceps, --cepstral-lifter).
        var values = scratch.Values;
        for (var c = 0; c < values.Length; c++)
        {
            var cosines = _cosines[c];
            var sum = Vector<T>.Zero;
            for (var i = 0; i < mel.Length; i++)
                sum = LaneMath.MultiplyAdd(mel[i], new Vector<T>(T.CreateTruncating(cosines[i])), sum);

            values[c] = sum;
        }

        // Kaldi: --use-energy replaces C0 by the log energy.
        if (_options.UseEnergy)
            values[0] = LogEnergy(scratch.Block.Energy);

        if (_options.HtkCompat)
            PutZerothLast(values);
    }

    // Kaldi: --htk-compat moves C0 or the energy to the end, and scales C0 by sqrt(2), since HTK's C0 lacks the factor that
    // makes the first row of the transform orthonormal.
    private void PutZerothLast<T>(Span<Vector<T>> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var zeroth = _options.UseEnergy ? values[0] : values[0] * T.Sqrt(T.CreateTruncating(2));
        values[1..].CopyTo(values);
        values[^1] = zeroth;
    }

    // The orthonormal discrete cosine transform, its rows scaled by the lifter (Kaldi: --cepstral-lifter).
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
