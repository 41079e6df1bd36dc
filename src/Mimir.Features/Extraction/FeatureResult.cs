using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>The features of an utterance, or why there are none.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Features"><c>[T, D]</c>, or null after a failure.</param>
/// <param name="Failure">What went wrong, with the utterance's id and its audio; null after a success.</param>
public sealed record FeatureResult(string Utterance, FloatMatrix? Features, string? Failure)
{
    /// <summary>Gets the length of the audio that the features were made of, in seconds; 0 after a failure.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the factor of speed that the audio was played at. The default is 1.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Gets the frames that the audio has at its own speed.</summary>
    public int OriginalFrames { get; init; }

    /// <summary>The features, or an exception where there are none.</summary>
    /// <exception cref="InputException">Extraction failed; the message names utterance and audio.</exception>
    public FloatMatrix Require() => Features ?? throw new InputException(Failure ?? "no features");
}
