using System.Numerics;
using System.Runtime.InteropServices;

namespace Mimir.Features.Signal;

/// <summary>
/// Some neighbouring frames of a wave, one in each lane of a vector, prepared in Kaldi's order: dither, removal of
/// the mean,
/// energy, pre-emphasis, window.
/// </summary>
internal sealed class FrameBlock
{
    /// <summary>The number of frames in a block.</summary>
    public static readonly int Lanes = Vector<float>.Count;

    private readonly FrameOptions _options;
    private readonly float[] _window;
    private readonly Vector<float>[] _samples;
    private readonly float[] _frame;
    private readonly GaussianNoise? _noise;

    /// <summary>Creates the buffers.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="window">The window, as long as a frame.</param>
    /// <param name="ditherSeed">Where the noise begins.</param>
    public FrameBlock(FrameOptions options, float[] window, ulong ditherSeed)
    {
        _options = options;
        _window = window;
        _samples = new Vector<float>[options.PaddedWindowSize];
        _frame = new float[window.Length];
        _noise = options.Dither == 0 ? null : new GaussianNoise(ditherSeed);
    }

    /// <summary>
    /// Gets the prepared frames, a vector for each sample, zeros after the window; the transform overwrites them.
    /// </summary>
    public Span<Vector<float>> Samples => _samples;

    /// <summary>Gets the energy (sum of squares) of each frame before pre-emphasis and window.</summary>
    public Vector<float> RawEnergy { get; private set; }

    /// <summary>Gets the energy (sum of squares) of each frame as <see cref="Samples"/> holds it.</summary>
    public Vector<float> WindowedEnergy { get; private set; }

    /// <summary>Cuts and prepares frames.</summary>
    /// <param name="wave">The whole wave.</param>
    /// <param name="first">The first frame.</param>
    /// <param name="count">How many frames, up to <see cref="Lanes"/>; the other lanes hold zeros.</param>
    public void Load(ReadOnlySpan<float> wave, int first, int count)
    {
        _samples.AsSpan().Clear();
        var lanes = MemoryMarshal.Cast<Vector<float>, float>(_samples.AsSpan());
        for (var lane = 0; lane < count; lane++)
        {
            Cut(wave, _options.FirstSample(first + lane));
            _noise?.AddTo(_frame, _options.Dither);
            for (int i = 0, at = lane; i < _frame.Length; i++, at += Lanes)
                lanes[at] = _frame[i];
        }

        var samples = _samples.AsSpan(0, _window.Length);
        if (_options.RemoveDcOffset)
            RemoveMean(samples);

        RawEnergy = Energy(samples);
        Shape(samples);
        WindowedEnergy = Energy(samples);
    }

    private void Cut(ReadOnlySpan<float> wave, long start)
    {
        if (start >= 0 && start + _frame.Length <= wave.Length)
        {
            wave.Slice((int)start, _frame.Length).CopyTo(_frame);
            return;
        }

        for (var i = 0; i < _frame.Length; i++)
            _frame[i] = wave[Reflect(start + i, wave.Length)];
    }

    // A wave shorter than a frame is reflected more than once.
    private static int Reflect(long at, int length)
    {
        while (at < 0 || at >= length)
            at = at < 0 ? -at - 1 : (2L * length) - 1 - at;

        return (int)at;
    }

    private static void RemoveMean(Span<Vector<float>> samples)
    {
        var sum = Vector<float>.Zero;
        foreach (var sample in samples)
            sum += sample;

        var mean = sum / samples.Length;
        foreach (ref var sample in samples)
            sample -= mean;
    }

    private static Vector<float> Energy(ReadOnlySpan<Vector<float>> samples)
    {
        var (even, odd) = (Vector<float>.Zero, Vector<float>.Zero);
        for (var i = 1; i < samples.Length; i += 2)
        {
            even += samples[i - 1] * samples[i - 1];
            odd += samples[i] * samples[i];
        }

        return samples.Length % 2 == 0 ? even + odd : even + odd + (samples[^1] * samples[^1]);
    }

    // Pre-emphasis and window; the first sample has no neighbour and takes itself.
    private void Shape(Span<Vector<float>> samples)
    {
        var coefficient = _options.PreemphasisCoefficient;
        var previous = samples[0];
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[i];
            samples[i] = (sample - (previous * coefficient)) * _window[i];
            previous = sample;
        }
    }
}
