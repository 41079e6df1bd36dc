using System.Numerics.Tensors;

namespace Mimir.Features.Pitch;

/// <summary>The samples that a frame is correlated over: the frame itself and the longest lag behind it.</summary>
internal sealed class PitchWindow
{
    private readonly float[] _samples;
    private readonly int _basic;
    private readonly float _preemphasis;

    /// <summary>Creates the buffer of a frame.</summary>
    /// <param name="basic">The number of samples of the frame itself.</param>
    /// <param name="full">The number with the longest lag.</param>
    /// <param name="padded">The length of the buffer, <paramref name="full"/> or more; the rest stays 0.</param>
    /// <param name="preemphasis">The coefficient of pre-emphasis.</param>
    public PitchWindow(int basic, int full, int padded, float preemphasis)
    {
        _samples = new float[padded];
        _basic = basic;
        Length = full;
        _preemphasis = preemphasis;
    }

    /// <summary>Gets the number of samples with the longest lag.</summary>
    public int Length { get; }

    /// <summary>Gets the samples, and zeros behind them.</summary>
    public ReadOnlySpan<float> Samples => _samples;

    /// <summary>Loads a frame; samples outside the wave are 0, and the mean of the frame itself is subtracted from all.</summary>
    /// <param name="wave">The wave.</param>
    /// <param name="start">The first sample of the frame; may be below 0.</param>
    public void Load(ReadOnlySpan<float> wave, long start)
    {
        var window = _samples.AsSpan(0, Length);
        var before = (int)Math.Clamp(-start, 0, Length);
        var count = (int)Math.Clamp(wave.Length - Math.Max(start, 0), 0, Length - before);
        window.Clear();
        if (count > 0)
        {
            var inside = window.Slice(before, count);
            wave.Slice((int)Math.Max(start, 0), count).CopyTo(inside);
            if (_preemphasis != 0)
                Preemphasise(inside);
        }

        TensorPrimitives.Subtract(window, TensorPrimitives.Sum(window[.._basic]) / _basic, window);
    }

    private void Preemphasise(Span<float> samples)
    {
        for (var i = samples.Length - 1; i > 0; i--)
            samples[i] -= _preemphasis * samples[i - 1];

        samples[0] *= 1 - _preemphasis;
    }
}

/// <summary>The running variance of a wave.</summary>
internal sealed class SignalPower
{
    private const int Block = 1024;

    private double _sum;
    private double _squares;

    /// <summary>Gets the number of samples so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Gets the variance of the samples.</summary>
    public double MeanSquare
    {
        get
        {
            var mean = _sum / Samples;
            return (_squares / Samples) - (mean * mean);
        }
    }

    /// <summary>Resets the sums.</summary>
    public void Clear() => (_sum, _squares, Samples) = (0, 0, 0);

    /// <summary>Adds the wave up to a sample; earlier samples count already.</summary>
    public void TakeUntil(ReadOnlySpan<float> wave, int end)
    {
        for (; Samples < end; Samples += Math.Min(Block, end - Samples))
        {
            var part = wave[Samples..Math.Min(Samples + Block, end)];
            _sum += TensorPrimitives.Sum(part);
            _squares += TensorPrimitives.SumOfSquares(part);
        }
    }
}
