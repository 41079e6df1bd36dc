using System.Globalization;

namespace Mimir.Decode.Scoring;

/// <summary>How often a hypothesis differs from its reference, by kind of error.</summary>
/// <param name="Reference">The number of reference tokens (words, characters or syllables).</param>
/// <param name="Insertions">Tokens of the hypothesis that the reference lacks.</param>
/// <param name="Deletions">Tokens of the reference that the hypothesis lacks.</param>
/// <param name="Substitutions">Tokens that the hypothesis has wrong.</param>
public readonly record struct ErrorCounts(long Reference, long Insertions, long Deletions, long Substitutions)
{
    /// <summary>Gets all errors.</summary>
    public long Errors => Insertions + Deletions + Substitutions;

    /// <summary>
    /// Gets the error rate in percent of the reference tokens; 0 without errors, infinite without reference.
    /// </summary>
    public double Percent => Errors == 0 ? 0 : 100.0 * Errors / Reference;

    /// <summary>Adds two counts.</summary>
    public static ErrorCounts operator +(ErrorCounts left, ErrorCounts right) => Add(left, right);

    /// <summary>Adds two counts.</summary>
    public static ErrorCounts Add(ErrorCounts left, ErrorCounts right) => new(
        left.Reference + right.Reference,
        left.Insertions + right.Insertions,
        left.Deletions + right.Deletions,
        left.Substitutions + right.Substitutions);

    /// <summary>The line that Kaldi prints: <c>%WER 49.64 [ 557 / 1122, 22 ins, 15 del, 520 sub ]</c>.</summary>
    /// <param name="measure">The name of the measure: WER, CER or SER of syllables.</param>
    public string ToLine(string measure = "WER") => string.Create(
        CultureInfo.InvariantCulture,
        $"%{measure} {Percent:F2} [ {Errors} / {Reference}, {Insertions} ins, {Deletions} del, {Substitutions} sub ]");
}
