using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Mimir.Features.Signal;

namespace Mimir.Features.Augmentation;

/// <summary>
/// Convolves waves with one filter, y[n] = sum over k of h[k] x[n - k], by fast Fourier transforms of overlapping blocks; as
/// many blocks at once as a vector has lanes. Thread-safe.
/// </summary>
internal sealed class BlockConvolver
{
    private const int ShortestTransform = 256;

    private readonly RealFft<float> _fft;
    private readonly int _filterLength;
    private readonly int _block;
    private readonly float[] _spectrum;

    /// <summary>Transforms the filter.</summary>
    /// <param name="filter">One sample or more.</param>
    public BlockConvolver(ReadOnlySpan<float> filter)
    {
        _filterLength = filter.Length;
        _fft = FftPlans.Of(Math.Max(ShortestTransform, (int)BitOperations.RoundUpToPowerOf2((uint)(2 * filter.Length))));
        _block = _fft.Length - filter.Length + 1;
        var signal = new Vector<float>[_fft.Length];
        var packed = new Vector<float>[_fft.Length];
        for (var i = 0; i < filter.Length; i++)
            signal[i] = new Vector<float>(filter[i]);

        _fft.Packed(signal, packed);

        // The factor 1 / N of the inverse transform is applied here.
        _spectrum = Array.ConvertAll(packed, value => value[0] / _fft.Length);
    }

    /// <summary>Convolves a wave.</summary>
    /// <returns>The samples of wave and filter together, less one.</returns>
    public float[] Apply(ReadOnlySpan<float> wave)
    {
        if (wave.IsEmpty)
            return [];

        var output = new float[checked(wave.Length + _filterLength - 1)];
        var lanes = Vector<float>.Count;
        var signal = new Vector<float>[_fft.Length];
        var packed = new Vector<float>[_fft.Length];
        for (var first = 0; first < wave.Length; first += lanes * _block)
        {
            Load(wave, first, signal);
            _fft.Packed(signal, packed);
            Multiply(packed, signal);
            _fft.Packed(signal, packed);
            for (var lane = 0; lane < lanes && first + (lane * _block) < wave.Length; lane++)
                AddLane(packed, lane, output.AsSpan(first + (lane * _block)));
        }

        return output;
    }

    private void Load(ReadOnlySpan<float> wave, int first, Vector<float>[] signal)
    {
        Array.Clear(signal);
        var samples = MemoryMarshal.Cast<Vector<float>, float>(signal.AsSpan());
        for (var lane = 0; lane < Vector<float>.Count && first + (lane * _block) < wave.Length; lane++)
        {
            var block = wave[(first + (lane * _block))..];
            block = block[..Math.Min(_block, block.Length)];
            for (int i = 0, at = lane; i < block.Length; i++, at += Vector<float>.Count)
                samples[at] = block[i];
        }
    }

    // The inverse transform by the forward one: Hartley's transform, Re - Im of a spectrum, is its own inverse.
    private void Multiply(Vector<float>[] packed, Vector<float>[] hartley)
    {
        var half = _fft.Length / 2;
        hartley[0] = packed[0] * _spectrum[0];
        hartley[half] = packed[1] * _spectrum[1];
        for (var k = 1; k < half; k++)
        {
            var (re, im) = (packed[2 * k], packed[(2 * k) + 1]);
            var (filterRe, filterIm) = (_spectrum[2 * k], _spectrum[(2 * k) + 1]);
            var productRe = (re * filterRe) - (im * filterIm);
            var productIm = (re * filterIm) + (im * filterRe);
            hartley[k] = productRe - productIm;
            hartley[_fft.Length - k] = productRe + productIm;
        }
    }

    private void AddLane(Vector<float>[] packed, int lane, Span<float> output)
    {
        var values = MemoryMarshal.Cast<Vector<float>, float>(packed.AsSpan());
        var lanes = Vector<float>.Count;
        var half = _fft.Length / 2;
        var count = Math.Min(_fft.Length, output.Length);
        output[0] += values[lane];
        if (half < count)
            output[half] += values[lanes + lane];

        for (var n = 1; n < half; n++)
        {
            var re = values[(2 * n * lanes) + lane];
            var im = values[(((2 * n) + 1) * lanes) + lane];
            if (n < count)
                output[n] += re - im;
            if (_fft.Length - n < count)
                output[_fft.Length - n] += re + im;
        }
    }

    /// <summary>The plain sum, the reference of the fast convolution.</summary>
    public static float[] Plain(ReadOnlySpan<float> filter, ReadOnlySpan<float> wave)
    {
        var output = new float[wave.Length + filter.Length - 1];
        for (var i = 0; i < wave.Length; i++)
        {
            var part = output.AsSpan(i, filter.Length);
            TensorPrimitives.MultiplyAdd(filter, wave[i], part, part);
        }

        return output;
    }
}

/// <summary>Cached transforms by length: impulse responses are many, their lengths few.</summary>
internal static class FftPlans
{
    private static readonly ConcurrentDictionary<int, RealFft<float>> Plans = new();

    /// <summary>The transform of a length.</summary>
    public static RealFft<float> Of(int length) => Plans.GetOrAdd(length, static n => new RealFft<float>(n));
}
