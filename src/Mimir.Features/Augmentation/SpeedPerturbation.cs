using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Augmentation;

/// <summary>
/// Changes the speed of waves as sox's effect <c>speed</c>: y(t) = x(f t), so that pitch and formants rise by the factor f and
/// the wave lasts 1/f as long. T. Ko et al.: Audio augmentation for speech recognition, Interspeech 2015.
/// </summary>
/// <remarks>
/// The wave is resampled from f R to R hertz by a sinc of 64 zeros on either side under a Hann window, cut off at 95% of the
/// lower Nyquist frequency.
/// </remarks>
public sealed class SpeedPerturbation
{
    private const int Zeros = 64;
    private const double Rolloff = 0.95;
    private const int Parts = 1000;

    private readonly Resampler? _resampler;

    /// <summary>Computes the filter of a factor.</summary>
    /// <param name="factor">Above 1 for faster: 0.2 to 5, rounded to thousandths.</param>
    /// <exception cref="InputException">The factor is out of range.</exception>
    public SpeedPerturbation(double factor)
    {
        Check(factor);
        var from = (int)Math.Round(factor * Parts);
        if (from != Parts)
            _resampler = new Resampler(from, Parts, (float)(Rolloff * 0.5 * Math.Min(from, Parts)), Zeros);
    }

    /// <summary>Checks a speed factor.</summary>
    /// <exception cref="InputException">The factor is out of range.</exception>
    public static void Check(double factor)
    {
        if (!(factor >= 0.2 && factor <= 5))
            throw new InputException(FormattableString.Invariant($"speed: expected a factor from 0.2 to 5, got {factor}"));
    }

    /// <summary>The prefix of utterance and speaker ids at a speed, as in Kaldi: <c>sp0.9-</c>, empty at 1.</summary>
    /// <param name="factor">The factor.</param>
    public static string PrefixOf(double factor) => factor == 1 ? "" : FormattableString.Invariant($"sp{factor}-");

    /// <summary>Changes the speed of a wave.</summary>
    /// <param name="wave">The samples.</param>
    /// <returns>The samples that begin before the new end; a copy where the factor is 1.</returns>
    public float[] Apply(ReadOnlySpan<float> wave) => _resampler?.Apply(wave) ?? wave.ToArray();
}

/// <summary>Maps frames of an utterance at a changed speed to frames at the original speed.</summary>
public static class SpeedAlignment
{
    /// <summary>
    /// Maps frames by their centres: time c at the new speed is time f c at the original speed, and belongs to the frame whose
    /// centre is nearest.
    /// </summary>
    /// <param name="frames">The number of frames at the new speed.</param>
    /// <param name="originals">The number of frames at the original speed, 1 or more.</param>
    /// <param name="factor">The speed factor.</param>
    /// <param name="options">The framing of waves.</param>
    /// <returns>For each frame at the new speed, the frame at the original speed.</returns>
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
