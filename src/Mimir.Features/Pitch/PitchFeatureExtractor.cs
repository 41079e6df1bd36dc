using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>Options of pitch features: those of the tracker and those of the post-processing.</summary>
public sealed record PitchFeatureOptions
{
    /// <summary>The tracker.</summary>
    [IncludeOptions]
    public PitchOptions Tracking { get; init; } = new();

    /// <summary>The features made of the tracked pitch.</summary>
    [IncludeOptions]
    public PitchPostOptions Post { get; init; } = new();

    /// <summary>A copy with one option set from text.</summary>
    /// <param name="name">Kaldi's name of the option, without dashes in front.</param>
    /// <param name="text">The value as text.</param>
    /// <exception cref="InputException">There is no such option (the message names the nearest), or the text is no such
    /// value.</exception>
    public PitchFeatureOptions With(string name, string text) => Option.Set(this, name, text, "pitch");
}

/// <summary>Pitch features from waves, as Kaldi's compute-and-process-kaldi-pitch-feats. Thread-safe.</summary>
public sealed class PitchFeatureExtractor
{
    private readonly PitchExtractor _tracker;
    private readonly PitchPostProcessor _post;

    /// <summary>Computes the filters.</summary>
    /// <param name="options">The options of tracking and post-processing.</param>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public PitchFeatureExtractor(PitchFeatureOptions options)
    {
        _tracker = new PitchExtractor(options.Tracking);
        _post = new PitchPostProcessor(options.Post);
    }

    /// <summary>Gets the number of values in a frame.</summary>
    public int Dimension => _post.Options.Dimension;

    /// <summary>Computes the features of a wave.</summary>
    /// <param name="wave">Samples at the scale of 16-bit integers and at the rate of the options' sample-frequency.</param>
    /// <param name="seed">The seed of the noise of the derivative.</param>
    /// <returns><c>[T, D]</c>; no rows when the wave is too short.</returns>
    /// <exception cref="InputException">Samples are not finite numbers, or too large.</exception>
    public FloatMatrix Compute(ReadOnlySpan<float> wave, ulong seed = 0) => _tracker.Options.SimulateFirstPassOnline
        ? FirstPass(wave, seed)
        : _post.Process(_tracker.Compute(wave), seed);

    // Kaldi: --simulate-first-pass-online computes each frame as soon as the frames of its mean are known, from the best path
    // by then.
    private FloatMatrix FirstPass(ReadOnlySpan<float> wave, ulong seed)
    {
        var result = new FloatMatrix(0, Dimension);
        _tracker.Run(wave, (tracker, end) =>
        {
            var known = tracker.FramesReady;
            var ready = known == 0 ? 0
                : end ? known + _post.Options.Delay
                : Math.Max(0, known - _post.Options.NormalizationRightContext + _post.Options.Delay);
            if (ready <= result.Rows)
                return;

            var pitch = new FloatMatrix(known, 2);
            for (var t = 0; t < known; t++)
                (pitch[t, 0], pitch[t, 1]) = tracker.Frame(t);

            var longer = new FloatMatrix(ready, Dimension);
            result.Data.CopyTo(longer.Data, 0);
            _post.Fill(pitch, _post.Noise(known, seed), result.Rows, longer);
            result = longer;
        });

        return result;
    }
}
