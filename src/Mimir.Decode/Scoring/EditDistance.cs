using System.Globalization;

namespace Mimir.Decode.Scoring;

/// <summary>The operation of an alignment column.</summary>
public enum EditOperation
{
    /// <summary>Reference and hypothesis agree.</summary>
    Correct,

    /// <summary>The hypothesis has another token.</summary>
    Substitution,

    /// <summary>The hypothesis has an extra token.</summary>
    Insertion,

    /// <summary>The hypothesis lacks a token.</summary>
    Deletion,
}

/// <summary>One column of an alignment.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Reference">The index of the reference token, -1 for an insertion.</param>
/// <param name="Hypothesis">The index of the hypothesis token, -1 for a deletion.</param>
public readonly record struct EditStep(EditOperation Operation, int Reference, int Hypothesis);

/// <summary>The number of errors of a hypothesis by kind.</summary>
/// <param name="Reference">The number of reference tokens (words, characters or syllables).</param>
/// <param name="Insertions">Tokens of the hypothesis that the reference lacks.</param>
/// <param name="Deletions">Tokens of the reference that the hypothesis lacks.</param>
/// <param name="Substitutions">Tokens that differ.</param>
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

    /// <summary>Kaldi's line: <c>%WER 49.64 [ 557 / 1122, 22 ins, 15 del, 520 sub ]</c>.</summary>
    /// <param name="measure">The name of the measure: WER, CER or SER of syllables.</param>
    public string ToLine(string measure = "WER") => string.Create(
        CultureInfo.InvariantCulture,
        $"%{measure} {Percent:F2} [ {Errors} / {Reference}, {Insertions} ins, {Deletions} del, {Substitutions} sub ]");
}

/// <summary>
/// The Levenshtein distance with unit costs. Among alignments of equal cost it takes Kaldi's (compute-wer): a
/// match or a substitution only when it is strictly cheapest, else a deletion when it is cheaper than an
/// insertion, else an insertion. The total does not depend on this choice, its split into kinds does.
/// </summary>
public static class EditDistance
{
    /// <summary>Counts the errors of a hypothesis by any comparison of tokens.</summary>
    /// <param name="references">The number of reference tokens.</param>
    /// <param name="hypotheses">The number of hypothesis tokens.</param>
    /// <param name="matches">True when reference token r matches hypothesis token h.</param>
    public static ErrorCounts Count(int references, int hypotheses, Func<int, int, bool> matches) =>
        Count(Align(references, hypotheses, matches));

    /// <summary>Counts the errors of an alignment.</summary>
    public static ErrorCounts Count(IReadOnlyList<EditStep> alignment)
    {
        var counts = default(ErrorCounts);
        foreach (var step in alignment)
        {
            counts += step.Operation switch
            {
                EditOperation.Insertion => new ErrorCounts(0, 1, 0, 0),
                EditOperation.Deletion => new ErrorCounts(1, 0, 1, 0),
                EditOperation.Substitution => new ErrorCounts(1, 0, 0, 1),
                _ => new ErrorCounts(1, 0, 0, 0),
            };
        }

        return counts;
    }

    /// <summary>Aligns a hypothesis with its reference, by equality of tokens.</summary>
    public static IReadOnlyList<EditStep> Align<T>(IReadOnlyList<T> reference, IReadOnlyList<T> hypothesis)
        where T : IEquatable<T> => Align(reference.Count, hypothesis.Count, (r, h) => reference[r].Equals(hypothesis[h]));

    /// <summary>Aligns a hypothesis with its reference by any comparison of tokens.</summary>
    /// <param name="references">The number of reference tokens.</param>
    /// <param name="hypotheses">The number of hypothesis tokens.</param>
    /// <param name="matches">True when reference token r matches hypothesis token h.</param>
    public static IReadOnlyList<EditStep> Align(int references, int hypotheses, Func<int, int, bool> matches)
    {
        // A byte each: recordings of an hour have a hundred million cells.
        var choices = new byte[hypotheses + 1, references + 1];
        var above = new int[references + 1];
        var row = new int[references + 1];
        for (var r = 1; r <= references; r++)
            (above[r], choices[0, r]) = (r, (byte)EditOperation.Deletion);

        for (var h = 1; h <= hypotheses; h++)
        {
            (row[0], choices[h, 0]) = (h, (byte)EditOperation.Insertion);
            for (var r = 1; r <= references; r++)
            {
                var match = matches(r - 1, h - 1);
                var substitution = above[r - 1] + (match ? 0 : 1);
                var deletion = row[r - 1] + 1;
                var insertion = above[r] + 1;
                (row[r], var choice) = substitution < insertion && substitution < deletion
                    ? (substitution, match ? EditOperation.Correct : EditOperation.Substitution)
                    : deletion < insertion ? (deletion, EditOperation.Deletion) : (insertion, EditOperation.Insertion);
                choices[h, r] = (byte)choice;
            }

            (above, row) = (row, above);
        }

        return Trace(choices, references, hypotheses);
    }

    private static List<EditStep> Trace(byte[,] choices, int r, int h)
    {
        var steps = new List<EditStep>(r + h);
        while (r > 0 || h > 0)
        {
            var operation = (EditOperation)choices[h, r];
            if (operation != EditOperation.Insertion)
                r--;

            if (operation != EditOperation.Deletion)
                h--;

            steps.Add(new EditStep(
                operation,
                operation == EditOperation.Insertion ? -1 : r,
                operation == EditOperation.Deletion ? -1 : h));
        }

        steps.Reverse();
        return steps;
    }
}
