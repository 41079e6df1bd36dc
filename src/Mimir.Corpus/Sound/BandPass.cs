using System.Numerics.Tensors;

namespace Mimir.Corpus.Sound;

/// <summary>A zero-phase band-pass filter: the difference of two Hamming-windowed sincs, symmetric around each sample.</summary>
internal sealed class BandPass
{
    private readonly float[] _taps;

    /// <summary>Computes the taps.</summary>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="low">The lower edge, at half height, in hertz.</param>
    /// <param name="high">The upper edge, at half height, in hertz.</param>
    public BandPass(int sampleRate, double low, double high)
    {
        if (low < 0 || high <= low || high >= sampleRate / 2.0)
            throw new ArgumentException($"a band of {low} to {high} Hz does not fit into a signal of {sampleRate} Hz");

        // A length of 16 ms gives edges of about 200 Hz at every rate.
        var side = sampleRate * 8 / 1000;
        _taps = new float[(2 * side) + 1];
        for (var i = -side; i <= side; i++)
        {
            var hamming = 0.54 + (0.46 * Math.Cos(Math.PI * i / side));
            _taps[i + side] = (float)(hamming * (LowPass(i, high / sampleRate) - LowPass(i, low / sampleRate)));
        }
    }

    /// <summary>The band of a telephone line, 300 to 3400 Hz.</summary>
    public static BandPass Telephone(int sampleRate) => new(sampleRate, 300, 3400);

    /// <summary>Filters a whole signal; beyond its ends it counts as silence.</summary>
    public float[] Process(ReadOnlySpan<float> input)
    {
        var side = _taps.Length / 2;
        var padded = new float[input.Length + (2 * side)];
        input.CopyTo(padded.AsSpan(side));
        var output = new float[input.Length];
        for (var i = 0; i < output.Length; i++)
            output[i] = TensorPrimitives.Dot(padded.AsSpan(i, _taps.Length), _taps);
        return output;
    }

    private static double LowPass(int lag, double cutoff) =>
        lag == 0 ? 2 * cutoff : Math.Sin(2 * Math.PI * cutoff * lag) / (Math.PI * lag);
}
