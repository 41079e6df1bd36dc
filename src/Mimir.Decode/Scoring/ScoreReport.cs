using System.Globalization;
using System.Text;
using Mimir.Base;

namespace Mimir.Decode.Scoring;

/// <summary>Writes the score folder of a decoding, in the formats of Kaldi's scoring scripts.</summary>
public static class ScoreReport
{
    /// <summary>Writes the table over all weights and the details at the chosen one.</summary>
    /// <param name="folder">The folder; created when missing.</param>
    /// <param name="table">Every score of a <see cref="WeightSearch"/>; may be the chosen one alone.</param>
    /// <param name="chosen">The weights to report in detail: the best of the development set, or there the best itself.</param>
    /// <remarks>
    /// <c>hyp.txt</c> the hypotheses, <c>per_utt</c> alignments by utterance, <c>per_spk</c> errors by speaker,
    /// <c>wer_table</c> or <c>cer_table</c> all weights from the best on, <c>best_wer</c> or <c>best_cer</c> the chosen line.
    /// </remarks>
    public static void Write(string folder, IReadOnlyList<WeightedScore> table, WeightedScore chosen)
    {
        Directory.CreateDirectory(folder);
        var measure = chosen.Sheet.Options.Measure;
        var name = measure == "CER" ? "cer" : "wer";
        var lines = table.OrderBy(score => score.Sheet.Total.Errors).Select(score => Line(score, measure));
        Transcripts.Write(Path.Combine(folder, "hyp.txt"), chosen.Hypotheses);
        AtomicFile.WriteText(Path.Combine(folder, "per_utt"), PerUtterance(chosen.Sheet));
        AtomicFile.WriteText(Path.Combine(folder, "per_spk"), PerSpeaker(chosen.Sheet));
        AtomicFile.WriteText(Path.Combine(folder, $"{name}_table"), string.Concat(lines));
        AtomicFile.WriteText(Path.Combine(folder, $"best_{name}"), Line(chosen, measure));
    }

    /// <summary>Removes the scores of an earlier decoding, which do not belong to other hypotheses.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    public static void Remove(string folder)
    {
        if (!Directory.Exists(folder))
            return;

        foreach (var name in (string[])["per_utt", "per_spk", "wer_table", "cer_table", "best_wer", "best_cer"])
            File.Delete(Path.Combine(folder, name));
    }

    /// <summary>One line of a table: <c>%CER 49.64 [ 557 / 1122, 22 ins, 15 del, 520 sub ] cer_5_1.0</c>.</summary>
    public static string Line(WeightedScore score, string measure)
    {
        var name = measure == "CER" ? "cer" : "wer";
        var weights = string.Create(CultureInfo.InvariantCulture, $"{score.LmWeight}_{score.WordPenalty:0.0#}");
        return $"{score.Sheet.Total.ToLine(measure)} {name}_{weights}\n";
    }

    /// <summary>
    /// The three lines that Kaldi's <c>compute-wer</c> prints: tokens, sentences, and the number of scored sentences.
    /// </summary>
    public static string Summary(ScoreSheet sheet)
    {
        var (scored, wrong) = (sheet.Utterances.Count, sheet.WrongUtterances);
        var partial = sheet.Missing.Count > 0 ? " [PARTIAL]" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sheet.Total.ToLine(sheet.Options.Measure)}{partial}\n" +
            $"%SER {(scored == 0 ? 0 : 100.0 * wrong / scored):F2} [ {wrong} / {scored} ]\n" +
            $"Scored {scored} sentences, {sheet.Missing.Count} not present in hyp.\n");
    }

    /// <summary>
    /// Four lines an utterance: reference, hypothesis, operation (C S I D) and the counts of these four.
    /// </summary>
    public static string PerUtterance(ScoreSheet sheet)
    {
        var text = new StringBuilder();
        foreach (var utterance in sheet.Utterances)
        {
            var columns = ErrorDigest.Aligned(utterance);
            var correct = utterance.Counts.Reference - utterance.Counts.Substitutions - utterance.Counts.Deletions;
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Utterance} ref {string.Join(' ', columns.Reference)}\n");
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Utterance} hyp {string.Join(' ', columns.Hypothesis)}\n");
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Utterance} op {string.Join(' ', columns.Operations.ToCharArray())}\n");
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Utterance} #csid {correct} ");
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Counts.Substitutions} ");
            text.Append(CultureInfo.InvariantCulture, $"{utterance.Counts.Insertions} {utterance.Counts.Deletions}\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// One line a speaker and one for all: sentences, tokens, and correct, wrong, inserted, missing in percent.
    /// </summary>
    public static string PerSpeaker(ScoreSheet sheet)
    {
        var text = new StringBuilder("SPEAKER #SENT #TOKEN Corr Sub Ins Del Err S.Err\n");
        foreach (var (speaker, counts) in sheet.Speakers.Append(KeyValuePair.Create("SUM", sheet.Total)))
        {
            var rows = speaker == "SUM" ? sheet.Utterances : [.. sheet.Utterances.Where(row => row.Speaker == speaker)];
            var correct = counts.Reference - counts.Substitutions - counts.Deletions;
            var wrong = 100.0 * rows.Count(row => row.Counts.Errors > 0) / Math.Max(1, rows.Count);
            var columns = new[] { correct, counts.Substitutions, counts.Insertions, counts.Deletions }
                .Select(count => 100.0 * count / Math.Max(1, counts.Reference))
                .Concat([counts.Percent, wrong])
                .Select(percent => percent.ToString("F2", CultureInfo.InvariantCulture));
            text.Append(CultureInfo.InvariantCulture, $"{speaker} {rows.Count} {counts.Reference} ");
            text.AppendJoin(' ', columns).Append('\n');
        }

        return text.ToString();
    }
}
