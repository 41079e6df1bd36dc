using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>Appends pitch features to other features, as Kaldi's make_mfcc_pitch.sh.</summary>
public sealed class PitchAppender : IFeatureExtractor
{
    // Kaldi's paste-length-tolerance.
    private const int LengthTolerance = 2;

    private readonly IFeatureExtractor _features;
    private readonly PitchFeatureExtractor _pitch;

    /// <summary>Joins two extractors.</summary>
    /// <param name="features">The first features.</param>
    /// <param name="pitch">The options of the pitch features; their sample-frequency must be that of the first features.</param>
    /// <exception cref="InputException">An option is out of range, or the rates differ.</exception>
    public PitchAppender(IFeatureExtractor features, PitchFeatureOptions pitch)
    {
        var rate = features.Options.Frame.SampleFrequency;
        if (pitch.Tracking.SampleFrequency != rate)
        {
            throw new InputException(
                $"sample-frequency: expected {rate} Hz for pitch as for {features.Options.Kind}, got {pitch.Tracking.SampleFrequency}");
        }

        _features = features;
        _pitch = new PitchFeatureExtractor(pitch);
    }

    /// <summary>Gets the options of the first features.</summary>
    public FeatureOptions Options => _features.Options;

    /// <inheritdoc/>
    public int Dimension => _features.Dimension + _pitch.Dimension;

    /// <inheritdoc/>
    /// <remarks>A surplus of up to two frames is dropped (Kaldi: --paste-length-tolerance).</remarks>
    public FloatMatrix Compute(ReadOnlySpan<float> wave, float vtlnWarp = 1, ulong ditherSeed = 0)
    {
        var front = _features.Compute(wave, vtlnWarp, ditherSeed);
        var behind = _pitch.Compute(wave, ditherSeed);
        var rows = Math.Min(front.Rows, behind.Rows);
        if (Math.Max(front.Rows, behind.Rows) - rows > LengthTolerance)
        {
            throw new InputException(
                $"{Options.Kind} has {front.Rows} frames and pitch {behind.Rows}: they may differ by {LengthTolerance}; "
                + "compare frame-shift and snip-edges, or the wave is too short for pitch.");
        }

        var result = new FloatMatrix(rows, Dimension);
        for (var t = 0; t < rows; t++)
        {
            front.Row(t).CopyTo(result.Row(t));
            behind.Row(t).CopyTo(result.Row(t)[front.Columns..]);
        }

        return result;
    }
}
