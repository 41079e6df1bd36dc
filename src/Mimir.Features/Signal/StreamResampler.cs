namespace Mimir.Features.Signal;

/// <summary>Resamples a wave that comes in pieces; the output is that of <see cref="Resampler"/> on the whole wave.</summary>
/// <param name="from">The sample rate of the wave, in hertz.</param>
/// <param name="to">The sample rate of the output, in hertz.</param>
public sealed class StreamResampler(int from, int to)
{
    // The filter's vectors reach this far beyond its weights; where they do not fit, sums have another order of rounding.
    private const int Padding = 16;

    private readonly Resampler _resampler = new(from, to);

    // The buffer is cut in whole seconds, where both rates have a sample at the same time.
    private float[] _wave = [];
    private int _done;

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <returns>The output that no later sample can change.</returns>
    public float[] Accept(ReadOnlySpan<float> samples)
    {
        _wave = [.. _wave, .. samples];
        var output = Take(_resampler.CertainLength(Math.Max(0, _wave.Length - Padding)));

        // A second in front of the rest is more than the filter is wide.
        var seconds = (_wave.Length / from) - 2;
        if (seconds > 0)
            (_wave, _done) = (_wave[(seconds * from)..], _done - (seconds * to));

        return output;
    }

    /// <summary>Ends the wave.</summary>
    /// <returns>The rest of the output.</returns>
    public float[] Finish() => Take(_resampler.OutputLength(_wave.Length));

    private float[] Take(int length)
    {
        if (length <= _done)
            return [];

        var output = new float[length];
        _resampler.Apply(_wave, output);
        var next = output[_done..];
        _done = length;
        return next;
    }
}
