using System.Numerics;

namespace Mimir.Features.Signal;

/// <summary>
/// The discrete Fourier transform of real signals, X[k] = sum of x[t] exp(-2 pi i k t / N), for as many signals at
/// once as a
/// vector has lanes: each SIMD instruction advances one signal in every lane, at any N and in every stage.
/// </summary>
/// <remarks>
/// The N real values of a signal are taken as N / 2 complex ones, transformed in place by a mixed-radix decimation in
/// frequency (radix 4 first, then 2, 3, 5 and any other prime), which leaves them in digit-reversed order, and
/// separated into
/// the spectrum of the real signal while they are read out.
/// </remarks>
internal sealed class RealFft
{
    private readonly int _half;
    private readonly FftStage[] _stages;
    private readonly int[] _place;
    private readonly float[] _cosine;
    private readonly float[] _sine;

    /// <summary>Prepares the tables for one length.</summary>
    /// <param name="length">N, even.</param>
    public RealFft(int length)
    {
        if (length < 2 || length % 2 != 0)
            throw new ArgumentException($"A real transform takes an even length, got {length}.", nameof(length));

        Length = length;
        _half = length / 2;
        _stages = FftStage.Plan(_half);
        _place = FftStage.Places(_stages, _half);
        _cosine = new float[(_half / 2) + 1];
        _sine = new float[_cosine.Length];
        for (var k = 0; k < _cosine.Length; k++)
            (_sine[k], _cosine[k]) = ((float)Math.Sin(2 * Math.PI * k / length), (float)Math.Cos(2 * Math.PI * k / length));
    }

    /// <summary>Gets N.</summary>
    public int Length { get; }

    /// <summary>Computes power spectra.</summary>
    /// <param name="signal">N vectors, a sample each; overwritten.</param>
    /// <param name="power">Receives N / 2 + 1 vectors, |X[k]|^2.</param>
    public void Power(Span<Vector<float>> signal, Span<Vector<float>> power)
    {
        Transform(signal);
        var sum = signal[0] + signal[1];
        var difference = signal[0] - signal[1];
        power[0] = sum * sum;
        power[_half] = difference * difference;
        for (var k = 1; k <= _half / 2; k++)
        {
            var (re, im, mirrorRe, mirrorIm) = Separate(signal, k);
            power[k] = Vector.MultiplyAddEstimate(re, re, im * im);
            power[_half - k] = Vector.MultiplyAddEstimate(mirrorRe, mirrorRe, mirrorIm * mirrorIm);
        }
    }

    /// <summary>
    /// Computes spectra in Kaldi's packed order: X[0], X[N/2], then real and imaginary part of each other bin.
    /// </summary>
    /// <param name="signal">N vectors, a sample each; overwritten.</param>
    /// <param name="packed">Receives N vectors.</param>
    public void Packed(Span<Vector<float>> signal, Span<Vector<float>> packed)
    {
        Transform(signal);
        packed[0] = signal[0] + signal[1];
        packed[1] = signal[0] - signal[1];
        for (var k = 1; k <= _half / 2; k++)
        {
            var (re, im, mirrorRe, mirrorIm) = Separate(signal, k);
            packed[2 * k] = re;
            packed[(2 * k) + 1] = im;
            packed[2 * (_half - k)] = mirrorRe;
            packed[(2 * (_half - k)) + 1] = mirrorIm;
        }
    }

    private void Transform(Span<Vector<float>> signal)
    {
        foreach (var stage in _stages)
            stage.Apply(signal[..Length]);
    }

    // With Z of the packed signal: X[k] = E + W O and X[N/2 - k] = conj(E - W O), where E and O are the transforms
    // of the even
    // and the odd samples, E = (Z[k] + conj Z[-k]) / 2, O = (Z[k] - conj Z[-k]) / 2i and W = exp(-2 pi i k / N).
    private (Vector<float> Re, Vector<float> Im, Vector<float> MirrorRe, Vector<float> MirrorIm) Separate(
        ReadOnlySpan<Vector<float>> z, int k)
    {
        var here = 2 * _place[k];
        var there = 2 * _place[_half - k];
        var evenRe = (z[here] + z[there]) * 0.5f;
        var evenIm = (z[here + 1] - z[there + 1]) * 0.5f;
        var oddRe = (z[here + 1] + z[there + 1]) * 0.5f;
        var oddIm = (z[there] - z[here]) * 0.5f;
        var turnedRe = (oddRe * _cosine[k]) + (oddIm * _sine[k]);
        var turnedIm = (oddIm * _cosine[k]) - (oddRe * _sine[k]);
        return (evenRe + turnedRe, evenIm + turnedIm, evenRe - turnedRe, turnedIm - evenIm);
    }
}
