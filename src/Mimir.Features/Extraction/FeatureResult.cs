using Mimir.Features.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>The features of an utterance, or why there are none.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Features"><c>[T, D]</c>, or null after a failure.</param>
/// <param name="Failure">What went wrong, with the utterance's id and its audio; null after a success.</param>
public sealed record FeatureResult(string Utterance, FloatMatrix? Features, string? Failure)
{
    /// <summary>The features, or an exception where there are none.</summary>
    /// <exception cref="FormatException">Extraction failed; the message names utterance and audio.</exception>
    public FloatMatrix Require() => Features ?? throw new FormatException(Failure);
}
