using System.Numerics;
using System.Numerics.Tensors;

namespace Mimir.Corpus.Sound;

/// <summary>
/// Changes the sample rate of a whole signal by band-limited interpolation: a Hann-windowed sinc, one set of weights for
/// each phase that the two rates can have to each other (Smith, "Digital Audio Resampling", 2002).
/// </summary>
internal sealed class Resampler
{
    private readonly int _inputStep;
    private readonly int _outputStep;
    private readonly int[] _firstInput;
    private readonly float[][] _weights;

    /// <summary>Computes the weights for a pair of rates.</summary>
    /// <param name="inputRate">The rate of the signal, in hertz.</param>
    /// <param name="outputRate">The rate wanted, in hertz.</param>
    /// <param name="cutoff">Where the filter is at half height, in hertz; at most half the lower rate.</param>
    /// <param name="zeros">The zeros of the sinc on each side; more is steeper. The default is 16.</param>
    public Resampler(int inputRate, int outputRate, double cutoff, int zeros = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cutoff, Math.Min(inputRate, outputRate) / 2.0);
        var divisor = (int)BigInteger.GreatestCommonDivisor(inputRate, outputRate);
        _inputStep = inputRate / divisor;
        _outputStep = outputRate / divisor;
        _firstInput = new int[_outputStep];
        _weights = new float[_outputStep][];
        var reach = zeros / (2 * cutoff);
        for (var phase = 0; phase < _outputStep; phase++)
        {
            var time = (double)phase / outputRate;
            var first = (int)Math.Ceiling((time - reach) * inputRate);
            var last = (int)Math.Floor((time + reach) * inputRate);
            _firstInput[phase] = first;
            var weights = _weights[phase] = new float[last - first + 1];
            for (var i = 0; i < weights.Length; i++)
                weights[i] = (float)(Kernel(((double)(first + i) / inputRate) - time, cutoff, reach) / inputRate);
        }
    }

    /// <summary>Resamples a signal; beyond its ends it counts as silence.</summary>
    public float[] Process(ReadOnlySpan<float> input)
    {
        var output = new float[(int)((long)input.Length * _outputStep / _inputStep)];
        for (var i = 0; i < output.Length; i++)
        {
            var block = Math.DivRem(i, _outputStep, out var phase);
            var start = ((long)block * _inputStep) + _firstInput[phase];
            var weights = _weights[phase].AsSpan();
            var skip = (int)Math.Clamp(-start, 0, weights.Length);
            var count = (int)Math.Clamp(input.Length - start, 0, weights.Length);
            if (count > skip)
                output[i] = TensorPrimitives.Dot(input.Slice((int)(start + skip), count - skip), weights[skip..count]);
        }

        return output;
    }

    private static double Kernel(double time, double cutoff, double reach)
    {
        if (Math.Abs(time) >= reach)
            return 0;

        var window = 0.5 * (1 + Math.Cos(Math.PI * time / reach));
        var sinc = time == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * time) / (Math.PI * time);
        return window * sinc;
    }
}
