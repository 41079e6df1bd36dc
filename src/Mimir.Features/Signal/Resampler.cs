using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mimir.Features.Signal;

/// <summary>Changes the sample rate of a wave with a Hann-windowed sinc filter, as Kaldi's LinearResample does.</summary>
/// <remarks>
/// There is one set of weights for each phase that the two rates can have to each other; the times of samples are exact
/// fractions. J. O. Smith: Digital audio resampling, 2002.
/// </remarks>
public sealed class Resampler
{
    private const int Lanes = 8;
    private const int FeatureZeros = 6;

    private readonly int _inputUnit;
    private readonly int _outputUnit;
    private readonly int[] _first;
    private readonly int[] _count;
    private readonly float[] _weights;
    private readonly int _stride;
    private readonly bool _padded;
    private readonly long _ticksPerInput;
    private readonly long _ticksPerOutput;
    private readonly long _reach;

    /// <summary>
    /// Computes the filter of Kaldi's allow-downsample and allow-upsample: six zeros wide, cut off at 99% of the lower
    /// Nyquist frequency.
    /// </summary>
    /// <param name="from">The sample rate of the wave, in hertz.</param>
    /// <param name="to">The sample rate of the output, in hertz.</param>
    public Resampler(int from, int to)
        : this(from, to, (float)(0.99 * 0.5 * Math.Min(from, to)), FeatureZeros)
    {
    }

    /// <summary>Computes a filter.</summary>
    /// <param name="from">The sample rate of the wave, in hertz.</param>
    /// <param name="to">The sample rate of the output, in hertz.</param>
    /// <param name="cutoff">The cutoff of the filter, at half height, in hertz; at most half of either rate.</param>
    /// <param name="zeros">The width of the filter on either side, in zeros of the sinc; more is sharper.</param>
    /// <param name="padded">
    /// Pad the weights with zeros to whole vectors, which is faster. Without it a sum takes just the weights, in another order of
    /// rounding: synthesised corpora keep their bytes so.
    /// </param>
    /// <exception cref="ArgumentException">A rate is 0 or less, or the cutoff lies above half of a rate.</exception>
    public Resampler(int from, int to, float cutoff, int zeros, bool padded = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(zeros);
        if (!(cutoff > 0) || cutoff * 2 > from || cutoff * 2 > to)
            throw new ArgumentException($"A filter from {from} to {to} Hz cannot cut off at {cutoff} Hz.", nameof(cutoff));

        var common = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        _inputUnit = from / common;
        _outputUnit = to / common;
        _padded = padded;
        _ticksPerInput = _outputUnit;
        _ticksPerOutput = _inputUnit;
        _reach = (long)MathF.Floor((float)(zeros / (2.0 * cutoff)) * ((float)from * _outputUnit));
        var width = zeros / (2.0 * cutoff);
        _stride = ((int)Math.Ceiling(2 * width * from) + 1 + Lanes - 1) / Lanes * Lanes;
        _first = new int[_outputUnit];
        _count = new int[_outputUnit];
        _weights = new float[checked(_outputUnit * _stride)];
        for (var i = 0; i < _outputUnit; i++)
        {
            var time = i / (double)to;
            _first[i] = (int)Math.Ceiling((time - width) * from);
            _count[i] = (int)Math.Floor((time + width) * from) - _first[i] + 1;
            for (var j = 0; j < _count[i]; j++)
                _weights[(i * _stride) + j] = (float)(Filter(((_first[i] + j) / (double)from) - time, cutoff, zeros) / from);
        }
    }

    /// <summary>The number of output samples of a whole wave: those that begin before its end.</summary>
    /// <param name="length">The samples of the wave.</param>
    public int OutputLength(int length) => Before(length * _ticksPerInput);

    /// <summary>The number of output samples that no later part of the wave can change.</summary>
    /// <param name="length">The samples of the wave so far.</param>
    public int CertainLength(int length) => Before((length * _ticksPerInput) - _reach);

    /// <summary>Resamples a whole wave; it counts as silent before and after.</summary>
    /// <returns><see cref="OutputLength"/> samples.</returns>
    public float[] Apply(ReadOnlySpan<float> wave)
    {
        var output = new float[OutputLength(wave.Length)];
        Apply(wave, output);
        return output;
    }

    /// <summary>Resamples a whole wave; it counts as silent before and after.</summary>
    /// <param name="wave">The samples.</param>
    /// <param name="output">Receives <see cref="OutputLength"/> samples, or the first of them.</param>
    public void Apply(ReadOnlySpan<float> wave, Span<float> output)
    {
        var (phase, unit) = (0, 0);
        for (var i = 0; i < output.Length; i++)
        {
            var first = _first[phase] + unit;
            var weights = _weights.AsSpan(phase * _stride, _stride);
            output[i] = _padded && first >= 0 && first + _stride <= wave.Length
                ? Dot(weights, wave.Slice(first, _stride))
                : DotAtEdge(weights[.._count[phase]], wave, first);
            if (++phase == _outputUnit)
                (phase, unit) = (0, unit + _inputUnit);
        }
    }

    private static float Dot(ReadOnlySpan<float> weights, ReadOnlySpan<float> wave)
    {
        var sum = Vector256<float>.Zero;
        var left = MemoryMarshal.Cast<float, Vector256<float>>(weights);
        var right = MemoryMarshal.Cast<float, Vector256<float>>(wave);
        for (var i = 0; i < left.Length && i < right.Length; i++)
            sum = Vector256.FusedMultiplyAdd(left[i], right[i], sum);

        return Vector256.Sum(sum);
    }

    private static float DotAtEdge(ReadOnlySpan<float> weights, ReadOnlySpan<float> wave, int first)
    {
        var before = Math.Max(0, -first);
        var after = Math.Max(0, first + weights.Length - wave.Length);
        if (before + after >= weights.Length)
            return 0;

        var inside = weights[before..^after];
        return TensorPrimitives.Dot(inside, wave.Slice(first + before, inside.Length));
    }

    private static double Filter(double time, double cutoff, int zeros)
    {
        if (Math.Abs(time) >= zeros / (2 * cutoff))
            return 0;

        var window = 0.5 * (1 + Math.Cos(2 * Math.PI * cutoff / zeros * time));
        return window * (time == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * time) / (Math.PI * time));
    }

    // The number of output samples before a time in ticks, the common fraction of both sample periods.
    private int Before(long ticks) => ticks <= 0 ? 0 : checked((int)((ticks + _ticksPerOutput - 1) / _ticksPerOutput));
}
