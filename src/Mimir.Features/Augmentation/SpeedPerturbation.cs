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
