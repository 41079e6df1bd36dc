using Mimir.Decode.Scoring;

namespace Mimir.Train.Evaluation;

/// <summary>The errors of a decoded set under one measure.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Measure">WER, CER, or SER for syllables without tones.</param>
/// <param name="Counts">The errors.</param>
/// <param name="LmWeight">The language-model weight.</param>
/// <param name="WordPenalty">The cost of a word.</param>
/// <param name="TunedOn">The set on which weight and penalty were chosen.</param>
public sealed record SetScore(
    string Set, string Measure, ErrorCounts Counts, int LmWeight, float WordPenalty, string TunedOn)
{
    /// <summary>The measure as Kaldi prints it, with set and weights.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Set}: {Counts.ToLine(Measure)} at language-model weight {LmWeight}, word penalty {WordPenalty} (chosen on {TunedOn})");
}
