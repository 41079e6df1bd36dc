using System.Numerics;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Features.Signal;

/// <summary>Options of the mel filter bank; names and defaults are Kaldi's.</summary>
public sealed record MelOptions
{
    /// <summary>Number of triangular mel filters.</summary>
    [Option("num-mel-bins", Min = 3)]
    public int NumMelBins { get; init; } = 23;

    /// <summary>Lower edge of the first filter, in hertz.</summary>
    [Option("low-freq")]
    public float LowFreq { get; init; } = 20;

    /// <summary>Upper edge of the last filter, in hertz; 0 or less counts from the Nyquist frequency.</summary>
    [Option("high-freq")]
    public float HighFreq { get; init; }

    /// <summary>Lower bend of the vocal-tract warp, in hertz.</summary>
    [Option("vtln-low")]
    public float VtlnLow { get; init; } = 100;

    /// <summary>Upper bend of the vocal-tract warp, in hertz; below 0 counts from the Nyquist frequency.</summary>
    [Option("vtln-high")]
    public float VtlnHigh { get; init; } = -500;

    /// <summary>Floor filter energies at 1 and set the first weight of the first filter to 0, as HTK does.</summary>
    [Option("htk-mode")]
    public bool HtkMode { get; init; }
}

/// <summary>Triangular filters, linear on the mel scale, over the bins of a power spectrum.</summary>
public sealed class MelBanks
{
    private readonly int[] _first;
    private readonly float[][] _weights;
    private readonly float[] _equalLoudness;
    private readonly bool _htkMode;

    /// <summary>Computes the filters in single precision, as Kaldi does; no filter has the Nyquist bin.</summary>
    /// <param name="options">The filters.</param>
    /// <param name="frame">The transform that they are applied to.</param>
    /// <param name="vtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
    /// <exception cref="InputException">The frequencies contradict each other, or a filter is narrower than a bin.</exception>
    public MelBanks(MelOptions options, FrameOptions frame, float vtlnWarp = 1)
    {
        Option.CheckRanges(options);
        var nyquist = 0.5f * frame.SampleFrequency;
        var high = options.HighFreq > 0 ? options.HighFreq : nyquist + options.HighFreq;
        if (!(options.LowFreq >= 0 && options.LowFreq < high && high <= nyquist))
        {
            throw new InputException(
                $"low-freq {options.LowFreq} and high-freq {options.HighFreq}: "
                + $"expected 0 <= low < high <= {nyquist} Hz, half the sample rate");
        }

        // Warped filter edges (Kaldi: --vtln-low, --vtln-high, --vtln-warp).
        var vtlnHigh = options.VtlnHigh < 0 ? options.VtlnHigh + nyquist : options.VtlnHigh;
        var warp = new VtlnWarp(options.LowFreq, high, options.VtlnLow, vtlnHigh, vtlnWarp);
        var lowMel = MelScale.FromHertz(options.LowFreq);
        var step = (MelScale.FromHertz(high) - lowMel) / (options.NumMelBins + 1);
        var binMels = BinMels(frame);

        _htkMode = options.HtkMode;
        _first = new int[options.NumMelBins];
        _weights = new float[options.NumMelBins][];
        _equalLoudness = new float[options.NumMelBins];
        for (var bin = 0; bin < options.NumMelBins; bin++)
        {
            float Edge(int i) => vtlnWarp == 1 ? lowMel + (i * step) : warp.Mel(lowMel + (i * step));
            (_first[bin], _weights[bin]) = Triangle(binMels, Edge(bin), Edge(bin + 1), Edge(bin + 2));
            _equalLoudness[bin] = Loudness(MelScale.ToHertz(Edge(bin + 1)));
            if (_weights[bin].Length == 0)
            {
                throw new InputException(
                    $"num-mel-bins: {options.NumMelBins} is too many, filter {bin} falls between two bins of the transform");
            }
        }

        // Kaldi: --htk-mode sets the first weight of the first filter to 0.
        if (options.HtkMode && lowMel != 0)
            _weights[0][0] = 0;
    }

    /// <summary>Gets the number of filters.</summary>
    public int Count => _first.Length;

    /// <summary>Gets the equal-loudness weight of each filter, at its centre.</summary>
    public ReadOnlySpan<float> EqualLoudness => _equalLoudness;

    /// <summary>Applies the filters to spectra that lie in the lanes of vectors.</summary>
    /// <param name="spectrum">A vector for each bin.</param>
    /// <param name="energies">Receives a vector for each filter.</param>
    internal void Apply<T>(ReadOnlySpan<Vector<T>> spectrum, Span<Vector<T>> energies)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var filter = 0; filter < _first.Length; filter++)
        {
            var weights = _weights[filter];
            var bins = spectrum.Slice(_first[filter], weights.Length);
            var (even, odd) = (Vector<T>.Zero, Vector<T>.Zero);
            for (var i = 0; i < weights.Length; i++)
                (even, odd) = (odd, LaneMath.MultiplyAdd(bins[i], new Vector<T>(T.CreateTruncating(weights[i])), even));

            var sum = even + odd;

            // Kaldi: --htk-mode floors energies at 1.
            energies[filter] = _htkMode ? Vector.Max(sum, Vector<T>.One) : sum;
        }
    }

    // Hermansky's approximation of the 40 dB curve, by the frequency in hertz.
    private static float Loudness(float hertz)
    {
        var square = hertz * hertz;
        var low = square / (square + 1.6e5f);
        return low * low * ((square + 1.44e6f) / (square + 9.61e6f));
    }

    private static float[] BinMels(FrameOptions frame)
    {
        var width = frame.SampleFrequency / frame.PaddedWindowSize;
        var mels = new float[frame.PaddedWindowSize / 2];
        for (var i = 0; i < mels.Length; i++)
            mels[i] = MelScale.FromHertz(width * i);

        return mels;
    }

    private static (int First, float[] Weights) Triangle(float[] mels, float left, float centre, float right)
    {
        var inside = Enumerable.Range(0, mels.Length).Where(i => mels[i] > left && mels[i] < right).ToArray();
        var weights = inside.Select(i => mels[i] <= centre
            ? (mels[i] - left) / (centre - left)
            : (right - mels[i]) / (right - centre));
        return (inside.FirstOrDefault(), weights.ToArray());
    }
}

/// <summary>The mel scale of HTK, 1127 ln(1 + f / 700), in the single precision that Kaldi uses.</summary>
public static class MelScale
{
    /// <summary>Converts hertz to mels.</summary>
    public static float FromHertz(float hertz) => 1127f * MathF.Log(1f + (hertz / 700f));

    /// <summary>Converts mels to hertz.</summary>
    public static float ToHertz(float mel) => 700f * (MathF.Exp(mel / 1127f) - 1f);
}
