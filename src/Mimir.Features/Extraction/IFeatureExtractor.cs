using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Turns waves into features; one instance serves any number of threads at once.</summary>
public interface IFeatureExtractor
{
    /// <summary>Gets the options that the extractor was made with.</summary>
    FeatureOptions Options { get; }

    /// <summary>Gets the number of values in a frame.</summary>
    int Dimension { get; }

    /// <summary>Computes the features of one wave.</summary>
    /// <param name="wave">Samples at the scale of 16-bit integers and at the rate of the options'
    /// sample-frequency.</param>
    /// <param name="vtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
    /// <param name="ditherSeed">Where the noise of dither begins: the same seed gives the same features.</param>
    /// <returns><c>[T, D]</c>, T frames of <see cref="Dimension"/> values; no rows when the wave is shorter than a
    /// frame.</returns>
    /// <exception cref="InputException">The warp does not fit the options, or a sample is not a finite
    /// number.</exception>
    FloatMatrix Compute(ReadOnlySpan<float> wave, float vtlnWarp = 1, ulong ditherSeed = 0);
}
