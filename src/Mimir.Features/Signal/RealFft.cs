using System.Numerics;
using System.Runtime.CompilerServices;

namespace Mimir.Features.Signal;

/// <summary>
/// Discrete Fourier transform of real signals, X[k] = sum of x[t] exp(-2 pi i k t / N), for as many signals at once as a vector
/// has lanes: each SIMD instruction advances one signal in every lane, at any N and in every stage.
/// </summary>
/// <remarks>
/// The N real values of a signal are taken as N / 2 complex ones, transformed in place by a mixed-radix decimation in frequency
/// (radix 4 first, then 2, 3, 5 and any other prime), which leaves them in digit-reversed order, and separated into the
/// spectrum of the real signal while they are read out.
/// </remarks>
/// <typeparam name="T">Single or double precision.</typeparam>
internal sealed class RealFft<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _half;
    private readonly FftStage<T>[] _stages;
    private readonly int[] _place;
    private readonly T[] _cosine;
    private readonly T[] _sine;

    /// <summary>Computes the tables for one length.</summary>
    /// <param name="length">N, even.</param>
    public RealFft(int length)
    {
        if (length < 2 || length % 2 != 0)
            throw new ArgumentException($"A real transform takes an even length, got {length}.", nameof(length));

        Length = length;
        _half = length / 2;
        _stages = FftStage<T>.Plan(_half);
        _place = FftStage<T>.Places(_stages, _half);
        _cosine = new T[(_half / 2) + 1];
        _sine = new T[_cosine.Length];
        for (var k = 0; k < _cosine.Length; k++)
        {
            _sine[k] = T.CreateTruncating(Math.Sin(2 * Math.PI * k / length));
            _cosine[k] = T.CreateTruncating(Math.Cos(2 * Math.PI * k / length));
        }
    }

    /// <summary>Gets N.</summary>
    public int Length { get; }

    /// <summary>Computes power spectra.</summary>
    /// <param name="signal">N vectors, a sample each; overwritten.</param>
    /// <param name="power">Receives N / 2 + 1 vectors, |X[k]|^2.</param>
    public void Power(Span<Vector<T>> signal, Span<Vector<T>> power)
    {
        Transform(signal);
        var quarter = new Vector<T>(T.CreateTruncating(0.25));
        var sum = signal[0] + signal[1];
        var difference = signal[0] - signal[1];
        power[0] = sum * sum;
        power[_half] = difference * difference;
        for (var k = 1; k <= _half / 2; k++)
        {
            var (re, im, mirrorRe, mirrorIm) = Separate(signal, k);
            power[k] = LaneMath.MultiplyAdd(re, re, im * im) * quarter;
            power[_half - k] = LaneMath.MultiplyAdd(mirrorRe, mirrorRe, mirrorIm * mirrorIm) * quarter;
        }
    }

    /// <summary>
    /// Computes spectra in Kaldi's packed order: X[0], X[N/2], then real and imaginary part of each other bin.
    /// </summary>
    /// <param name="signal">N vectors, a sample each; overwritten.</param>
    /// <param name="packed">Receives N vectors.</param>
    public void Packed(Span<Vector<T>> signal, Span<Vector<T>> packed)
    {
        Transform(signal);
        var half = new Vector<T>(T.CreateTruncating(0.5));
        packed[0] = signal[0] + signal[1];
        packed[1] = signal[0] - signal[1];
        for (var k = 1; k <= _half / 2; k++)
        {
            var (re, im, mirrorRe, mirrorIm) = Separate(signal, k);
            packed[2 * k] = re * half;
            packed[(2 * k) + 1] = im * half;
            packed[2 * (_half - k)] = mirrorRe * half;
            packed[(2 * (_half - k)) + 1] = mirrorIm * half;
        }
    }

    private void Transform(Span<Vector<T>> signal)
    {
        foreach (var stage in _stages)
            stage.Apply(signal[..Length]);
    }

    // With Z of the packed signal: X[k] = E + W O and X[N/2 - k] = conj(E - W O), where E and O are the transforms of
    // the even and the odd samples, E = (Z[k] + conj Z[-k]) / 2, O = (Z[k] - conj Z[-k]) / 2i and W = exp(-2 pi i k / N).
    // Gives twice these.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector<T> Re, Vector<T> Im, Vector<T> MirrorRe, Vector<T> MirrorIm) Separate(
        ReadOnlySpan<Vector<T>> z, int k)
    {
        var here = z.Slice(2 * _place[k], 2);
        var there = z.Slice(2 * _place[_half - k], 2);
        var (cosine, sine) = (new Vector<T>(_cosine[k]), new Vector<T>(_sine[k]));
        var evenRe = here[0] + there[0];
        var evenIm = here[1] - there[1];
        var oddRe = here[1] + there[1];
        var oddIm = there[0] - here[0];
        var turnedRe = LaneMath.MultiplyAdd(oddRe, cosine, oddIm * sine);
        var turnedIm = LaneMath.MultiplyAdd(-oddRe, sine, oddIm * cosine);
        return (evenRe + turnedRe, evenIm + turnedIm, evenRe - turnedRe, turnedIm - evenIm);
    }
}
