using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Mimir.Corpus.Sound;

/// <summary>Resamplers from any rate to one; each is made once.</summary>
/// <param name="outputRate">The rate wanted, in hertz.</param>
internal sealed class ResamplerSet(int outputRate)
{
    private readonly ConcurrentDictionary<int, Resampler> _resamplers = [];

    /// <summary>Resamples a whole signal.</summary>
    public float[] Process(ReadOnlySpan<short> samples, int inputRate)
    {
        var input = new float[samples.Length];
        TensorPrimitives.ConvertTruncating<short, float>(samples, input);
        return _resamplers
            .GetOrAdd(inputRate, rate => new Resampler(rate, outputRate, 0.48 * Math.Min(rate, outputRate)))
            .Process(input);
    }
}
