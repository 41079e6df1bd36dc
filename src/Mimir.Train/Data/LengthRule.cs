namespace Mimir.Train.Data;

/// <summary>Kaldi's rule for features and alignments that do not have the same number of frames.</summary>
public static class LengthRule
{
    /// <summary>The frames of an utterance that can be used.</summary>
    /// <param name="features">The frames of its features.</param>
    /// <param name="alignment">The frames of its alignment.</param>
    /// <param name="tolerance">A difference below this cuts the longer one; this much or more drops the utterance.</param>
    /// <returns>The common length, or null when the utterance is to be dropped.</returns>
    public static int? CommonLength(int features, int alignment, int tolerance) =>
        features == alignment || Math.Abs(features - alignment) < tolerance ? Math.Min(features, alignment) : null;
}
