using System.Numerics;
using System.Runtime.InteropServices;

namespace Mimir.Features.Signal;

/// <summary>
/// Neighbouring frames of a wave, one in each lane of a vector, prepared in Kaldi's order: dither, removal of the mean, energy,
/// pre-emphasis, window.
/// </summary>
/// <typeparam name="T">Single precision, or double where rounding would be visible.</typeparam>
internal sealed class FrameBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of frames in a block.</summary>
    public static readonly int Lanes = Vector<T>.Count;

    private readonly FrameOptions _options;
    private readonly float[] _window;
    private readonly bool _rawEnergy;
    private readonly Vector<T>[] _samples;
    private readonly Vector<float>[] _cut;
    private readonly float[] _frames;
    private readonly GaussianNoise? _noise;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="window">The window, as long as a frame.</param>
    /// <param name="rawEnergy">True to take <see cref="Energy"/> before pre-emphasis and window (Kaldi: --raw-energy).</param>
    /// <param name="ditherSeed">The seed of the noise.</param>
    public FrameBlock(FrameOptions options, float[] window, bool rawEnergy, ulong ditherSeed)
    {
        _options = options;
        _window = window;
        _rawEnergy = rawEnergy;
        _samples = new Vector<T>[options.PaddedWindowSize];
        _cut = typeof(T) == typeof(float) ? [] : new Vector<float>[window.Length];
        _frames = new float[Vector<float>.Count * window.Length];
        _noise = options.Dither == 0 ? null : new GaussianNoise(ditherSeed);
    }

    /// <summary>
    /// Gets the prepared frames, a vector for each sample, zeros after the window; the transform overwrites them.
    /// </summary>
    public Span<Vector<T>> Samples => _samples;

    /// <summary>Gets the energy (sum of squares) of each frame.</summary>
    public Vector<T> Energy { get; private set; }

    /// <summary>Extracts frames from the wave and prepares them.</summary>
    /// <param name="wave">The whole wave.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="count">The number of frames, up to <see cref="Lanes"/>; the content of other lanes is undefined.</param>
    public void Load(ReadOnlySpan<float> wave, int first, int count)
    {
        var samples = _samples.AsSpan(0, _window.Length);
        var cut = typeof(T) == typeof(float) ? MemoryMarshal.Cast<Vector<T>, Vector<float>>(samples) : _cut;
        Cut(wave, first, count, cut);

        // Dither (Kaldi: --dither).
        if (_noise is not null)
        {
            _noise.Start(first);
            _noise.AddTo(cut, _options.Dither);
        }

        if (typeof(T) == typeof(double))
            Widen(cut, samples);

        // Kaldi: --remove-dc-offset; then --raw-energy, --preemphasis-coefficient and --window-type in one pass.
        var mean = _options.RemoveDcOffset ? Mean(samples) : Vector<T>.Zero;
        Energy = Shape(samples, mean, _window, -_options.PreemphasisCoefficient, _rawEnergy);

        // Kaldi: --round-to-power-of-two pads the frame with zeros.
        _samples.AsSpan(_window.Length).Clear();
    }

    // The lower half of the lanes; the next block begins with the upper half.
    private static void Widen(ReadOnlySpan<Vector<float>> cut, Span<Vector<T>> samples)
    {
        for (var i = 0; i < cut.Length; i++)
            samples[i] = Vector.WidenLower(cut[i]).As<double, T>();
    }

    private void Cut(ReadOnlySpan<float> wave, int first, int count, Span<Vector<float>> cut)
    {
        var start = _options.FirstSample(first);
        if (start >= 0 && _options.FirstSample(first + Vector<float>.Count - 1) + _window.Length <= wave.Length)
        {
            LaneTranspose.ToLanes(wave[(int)start..], _options.WindowShift, cut);
            return;
        }

        // Kaldi: without --snip-edges the wave is reflected at its ends.
        for (var lane = 0; lane < count; lane++)
        {
            var from = _options.FirstSample(first + lane);
            for (var i = 0; i < _window.Length; i++)
                _frames[(lane * _window.Length) + i] = wave[Reflect(from + i, wave.Length)];
        }

        LaneTranspose.ToLanes(_frames, _window.Length, cut);
    }

    // A wave shorter than a frame is reflected more than once.
    private static int Reflect(long at, int length)
    {
        while (at < 0 || at >= length)
            at = at < 0 ? -at - 1 : (2L * length) - 1 - at;

        return (int)at;
    }

    // Four sums, because an addition takes as long as four of them side by side.
    private static Vector<T> Mean(ReadOnlySpan<Vector<T>> samples)
    {
        var (sum0, sum1, sum2, sum3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var i = 0;
        for (; i + 4 <= samples.Length; i += 4)
        {
            sum0 += samples[i];
            sum1 += samples[i + 1];
            sum2 += samples[i + 2];
            sum3 += samples[i + 3];
        }

        for (; i < samples.Length; i++)
            sum0 += samples[i];

        return (sum0 + sum1 + (sum2 + sum3)) / T.CreateTruncating(samples.Length);
    }

    // Removal of the mean, energy, pre-emphasis and window in one pass; the first sample is its own predecessor.
    private static Vector<T> Shape(
        Span<Vector<T>> samples, Vector<T> mean, ReadOnlySpan<float> window, float preemphasis, bool rawEnergy)
    {
        window = window[..samples.Length];
        var coefficient = new Vector<T>(T.CreateTruncating(preemphasis));
        var (even, odd) = (Vector<T>.Zero, Vector<T>.Zero);
        var previous = samples[0] - mean;
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[i] - mean;
            var shaped = LaneMath.MultiplyAdd(previous, coefficient, sample) * T.CreateTruncating(window[i]);
            samples[i] = shaped;
            previous = sample;
            var counted = rawEnergy ? sample : shaped;
            (even, odd) = (odd, LaneMath.MultiplyAdd(counted, counted, even));
        }

        return even + odd;
    }
}
