using Mimir.Features.Signal;

namespace Mimir.Features.Augmentation;

/// <summary>
/// Plays waves faster or slower, as sox's effect <c>speed</c>: y(t) = x(f t), so that pitch and formants rise by the
/// factor f and the wave lasts 1/f as long. T. Ko et al.: Audio augmentation for speech recognition, Interspeech 2015.
/// </summary>
/// <remarks>
/// The wave is resampled from f R to R hertz by a sinc of 64 zeros on either side under a Hann window, cut off at 95% of
/// the lower Nyquist frequency.
/// </remarks>
public sealed class SpeedPerturbation
{
    private const int Zeros = 64;
    private const double Rolloff = 0.95;
    private const int Parts = 1000;

    private readonly Resampler? _resampler;

    /// <summary>Computes the filter of a factor.</summary>
    /// <param name="factor">Above 1 for faster: 0.2 to 5, rounded to thousandths.</param>
    /// <exception cref="ArgumentException">The factor is out of its range.</exception>
    public SpeedPerturbation(double factor)
    {
        Check(factor);
        var from = (int)Math.Round(factor * Parts);
        Factor = from / (double)Parts;
        if (from != Parts)
            _resampler = new Resampler(from, Parts, (float)(Rolloff * 0.5 * Math.Min(from, Parts)), Zeros);
    }

    /// <summary>Gets the factor.</summary>
    public double Factor { get; }

    /// <summary>Requires a factor that can be played.</summary>
    /// <exception cref="ArgumentException">It is out of its range.</exception>
    public static void Check(double factor)
    {
        if (!(factor >= 0.2 && factor <= 5))
            throw new ArgumentException(FormattableString.Invariant($"speed: expected a factor from 0.2 to 5, got {factor}."));
    }

    /// <summary>What stands before the ids of utterances and speakers at a speed: <c>sp0.9-</c>, nothing at 1; as Kaldi's.</summary>
    /// <param name="factor">The factor.</param>
    public static string PrefixOf(double factor) => factor == 1 ? "" : FormattableString.Invariant($"sp{factor}-");

    /// <summary>Changes the speed of a wave.</summary>
    /// <param name="wave">The samples.</param>
    /// <returns>As many samples as begin before its new end; a copy where the factor is 1.</returns>
    public float[] Apply(ReadOnlySpan<float> wave) => _resampler?.Apply(wave) ?? wave.ToArray();
}

/// <summary>Says which frame of an utterance a frame of the same utterance at another speed shows.</summary>
public static class SpeedAlignment
{
    /// <summary>
    /// Maps the centres of frames: the centre c of frame t shows what was at f c, which belongs to the frame whose centre
    /// is nearest; beyond the ends it is the first or the last.
    /// </summary>
    /// <param name="frames">The frames at the new speed.</param>
    /// <param name="originals">The frames at the old speed, 1 or more.</param>
    /// <param name="factor">The factor of speed.</param>
    /// <param name="options">How waves are cut into frames.</param>
    /// <returns>For each frame at the new speed, the frame at the old one.</returns>
    public static int[] Map(int frames, int originals, double factor, FrameOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(originals);
        var first = options.FirstSample(0) + (options.WindowSize / 2.0);
        var map = new int[frames];
        for (var t = 0; t < frames; t++)
        {
            var centre = factor * (first + ((double)t * options.WindowShift));
            var nearest = Math.Round((centre - first) / options.WindowShift, MidpointRounding.AwayFromZero);
            map[t] = (int)Math.Clamp(nearest, 0, originals - 1);
        }

        return map;
    }
}
