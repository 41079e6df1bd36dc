using System.Numerics.Tensors;
using Mimir.Base;

namespace Mimir.Features.Augmentation;

/// <summary>The impulse response of a room, which speech is convolved with. Thread-safe.</summary>
public sealed class ImpulseResponse
{
    // The span of the direct path and the early reflections around it; Kaldi's values, in seconds.
    private const float BeforePeak = 0.001f;
    private const float AfterPeak = 0.05f;

    private readonly Lazy<BlockConvolver> _whole;
    private readonly Lazy<BlockConvolver> _early;

    /// <summary>Wraps a recording of an impulse.</summary>
    /// <param name="samples">Its samples at the scale of 16-bit integers; full scale is a gain of 1.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <exception cref="InputException">There are no samples, or only silence.</exception>
    public ImpulseResponse(ReadOnlySpan<float> samples, int sampleRate)
    {
        if (samples.IsEmpty || !(TensorPrimitives.MaxMagnitude(samples) > 0))
            throw new InputException("An impulse response has samples other than 0.");

        var response = samples.ToArray();
        TensorPrimitives.Multiply<float>(response, 1f / 32768, response);
        Length = response.Length;
        Peak = TensorPrimitives.IndexOfMax<float>(response);
        var start = Math.Max((int)(Peak - (BeforePeak * sampleRate)), 0);
        var end = Math.Min((int)(Peak + (AfterPeak * sampleRate)), response.Length);
        _whole = new(() => new BlockConvolver(response));
        _early = new(() => new BlockConvolver(response.AsSpan(start, Math.Max(end - start, 1))));
    }

    /// <summary>Gets the number of samples.</summary>
    public int Length { get; }

    /// <summary>Gets the sample of the direct path: the largest.</summary>
    public int Peak { get; }

    /// <summary>Convolves a wave with the response.</summary>
    /// <param name="wave">The samples.</param>
    /// <returns>The wave with its reverberation: <see cref="Length"/> - 1 samples more.</returns>
    public float[] Apply(ReadOnlySpan<float> wave) => _whole.Value.Apply(wave);

    /// <summary>
    /// The power of a reverberated wave without late reverberation: from 1 ms before the direct path to 50 ms after it.
    /// Signal-to-noise ratios refer to it.
    /// </summary>
    /// <param name="wave">The samples.</param>
    public float EarlyPower(ReadOnlySpan<float> wave)
    {
        var early = _early.Value.Apply(wave);
        return early.Length == 0 ? 0 : TensorPrimitives.SumOfSquares<float>(early) / early.Length;
    }
}
