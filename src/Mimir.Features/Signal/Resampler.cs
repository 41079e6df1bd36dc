using System.Numerics.Tensors;

namespace Mimir.Features.Signal;

/// <summary>
/// Changes the sample rate of a wave with a sinc filter under a Hann window, six zeros wide, cut off at 99% of the
/// lower Nyquist
/// frequency: the filter that Kaldi uses for allow-downsample and allow-upsample.
/// </summary>
/// <remarks>
/// Algorithm: J. O. Smith, Digital Audio Resampling, with the times of samples kept as exact fractions.
/// </remarks>
public sealed class Resampler
{
    private const int Zeros = 6;

    private readonly int _inputUnit;
    private readonly int _outputUnit;
    private readonly int[] _first;
    private readonly float[][] _weights;

    /// <summary>Computes the filter.</summary>
    /// <param name="from">The rate of the wave, in hertz.</param>
    /// <param name="to">The rate to bring it to, in hertz.</param>
    public Resampler(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        var common = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        _inputUnit = from / common;
        _outputUnit = to / common;
        var cutoff = 0.99 * 0.5 * Math.Min(from, to);
        var width = Zeros / (2 * cutoff);
        _first = new int[_outputUnit];
        _weights = new float[_outputUnit][];
        for (var i = 0; i < _outputUnit; i++)
        {
            var time = i / (double)to;
            _first[i] = (int)Math.Ceiling((time - width) * from);
            var last = (int)Math.Floor((time + width) * from);
            _weights[i] = new float[last - _first[i] + 1];
            for (var j = 0; j < _weights[i].Length; j++)
                _weights[i][j] = (float)(Filter(((_first[i] + j) / (double)from) - time, cutoff) / from);
        }
    }

    /// <summary>Resamples a whole wave; it is taken as silent before and after.</summary>
    /// <returns>As many samples as begin before the end of the wave.</returns>
    public float[] Apply(ReadOnlySpan<float> wave)
    {
        var output = new float[checked((int)(((long)wave.Length * _outputUnit + _inputUnit - 1) / _inputUnit))];
        for (var i = 0; i < output.Length; i++)
        {
            var weights = _weights[i % _outputUnit].AsSpan();
            var first = _first[i % _outputUnit] + ((i / _outputUnit) * _inputUnit);
            var before = Math.Max(0, -first);
            var after = Math.Max(0, first + weights.Length - wave.Length);
            if (before + after < weights.Length)
            {
                var inside = weights[before..^after];
                output[i] = TensorPrimitives.Dot(inside, wave.Slice(first + before, inside.Length));
            }
        }

        return output;
    }

    private static double Filter(double time, double cutoff)
    {
        if (Math.Abs(time) >= Zeros / (2 * cutoff))
            return 0;

        var window = 0.5 * (1 + Math.Cos(2 * Math.PI * cutoff / Zeros * time));
        return window * (time == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * time) / (Math.PI * time));
    }
}
