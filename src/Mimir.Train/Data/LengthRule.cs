namespace Mimir.Train.Data;

/// <summary>Kaldi's rule for features, targets and weights that do not have the same number of frames.</summary>
public static class LengthRule
{
    /// <summary>The frames of an utterance that can be used.</summary>
    /// <param name="tolerance">A difference below this cuts the longer ones; this much or more drops the utterance.</param>
    /// <param name="lengths">The frames of its features, of its targets, and of its weights where it has them.</param>
    /// <returns>The common length, or null when the utterance is to be dropped.</returns>
    public static int? CommonLength(int tolerance, params ReadOnlySpan<int> lengths)
    {
        var (least, most) = (lengths[0], lengths[0]);
        foreach (var length in lengths)
            (least, most) = (Math.Min(least, length), Math.Max(most, length));

        return least == most || most - least < tolerance ? least : null;
    }
}
