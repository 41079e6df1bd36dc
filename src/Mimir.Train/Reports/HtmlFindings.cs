using System.Globalization;
using Mimir.Decode.Scoring;

namespace Mimir.Train.Reports;

/// <summary>The parts of a report that say what changed, what went wrong, and where the time and the data went.</summary>
internal static class HtmlFindings
{
    /// <summary>The comparison with an earlier run.</summary>
    public static void Comparison(RunSummary summary, HtmlPage page)
    {
        if (summary.Comparison is not { } earlier)
            return;

        page.Raw("<h2>Against the earlier run</h2>\n");
        page.Add($"<p class=\"note\">{earlier.Folder}, which ended {earlier.Ended:yyyy-MM-dd HH:mm} UTC. ");
        page.Raw("The interval holds 95% of the differences that a paired bootstrap over utterances gives; a difference is beyond chance ");
        page.Raw("when the interval excludes 0. It tests the utterances, not the training: another seed differs too.</p>\n");
        var rows = earlier.Sets.Select(set => (string[])
        [
            $"{set.Measure} {set.Set}", Text($"{set.Before:F2}%"), Text($"{set.Now:F2}%"), Text($"{set.Now - set.Before:+0.00;-0.00;0.00}"),
            Text($"{set.Low:+0.00;-0.00;0.00} to {set.High:+0.00;-0.00;0.00}"), set.Verdict,
        ]);
        page.Table(
            ["", "before", "now", "difference", "95% interval", "verdict"],
            [
                .. rows,
                Row("frame accuracy, cv", 100 * earlier.FrameAccuracy, 100 * summary.FrameAccuracy, "0.00"),
                Row("frames a second", earlier.FramesPerSecond, summary.FramesPerSecond, "N0"),
                Row("seconds", earlier.Seconds, summary.Seconds, "N0"),
            ]);
        foreach (var note in earlier.Notes)
            page.Add($"<p class=\"note\">{note}</p>\n");
    }

    /// <summary>The worst utterances and speakers of each set, and its most frequent errors.</summary>
    public static void Errors(RunSummary summary, HtmlPage page)
    {
        foreach (var found in summary.Errors.Where(found => found.Digest.Utterances.Count > 0))
        {
            page.Add($"<h2>Where the errors are: {found.Set}</h2>\n");
            foreach (var (index, utterance) in found.Digest.Utterances.Index())
                Aligned(utterance, isOpen: index == 0, page);
            if (found.Digest.Speakers.Count > 0)
            {
                page.Raw("<h3>Worst speakers</h3>\n");
                page.Table(
                    ["speaker", "utterances", "errors", "of", "%", "most frequent"],
                    found.Digest.Speakers.Select(speaker => new[]
                    {
                        speaker.Speaker, Text($"{speaker.Utterances:N0}"), Text($"{speaker.Errors:N0}"), Text($"{speaker.Words:N0}"),
                        Text($"{100.0 * speaker.Errors / speaker.Words:F2}"), string.Join(", ", speaker.Confusions.Select(Words)),
                    }));
            }

            page.Raw("<h3>Most frequent errors</h3>\n");
            page.Add($"<p>{string.Join(", ", found.Digest.Confusions.Select(Words))}</p>\n");
        }
    }

    /// <summary>The time by stage.</summary>
    public static void Times(RunSummary summary, HtmlPage page)
    {
        if (summary.StageSeconds.Count == 0)
            return;

        var rest = summary.Seconds - summary.StageSeconds.Values.Sum();
        var rows = rest > 0 ? summary.StageSeconds.Append(new("start, checkpoints, scoring, other", rest)) : summary.StageSeconds;
        var whole = Math.Max(summary.Seconds, summary.StageSeconds.Values.Sum());
        page.Raw("<h2>Where the time went</h2>\n");
        page.Table(
            ["stage", "time", "seconds", "%"],
            rows.Select(row => new[]
            {
                row.Key, PlainProgress.Duration(TimeSpan.FromSeconds(row.Value)), Text($"{row.Value:N1}"),
                Text($"{100 * row.Value / whole:F1}"),
            }));
    }

    /// <summary>The utterances that were left out.</summary>
    public static void Drops(RunSummary summary, HtmlPage page)
    {
        if (summary.Drops.All(drop => drop.Dropped == 0))
            return;

        page.Raw("<h2>Utterances left out</h2>\n");
        page.Table(
            ["set", "left out", "of", "reason", "first"],
            summary.Drops.SelectMany(drop => drop.Reasons.Select(reason => new[]
            {
                drop.Set, Text($"{reason.Value:N0}"), Text($"{drop.Utterances:N0}"), reason.Key,
                drop.Examples.GetValueOrDefault(reason.Key, ""),
            })),
            "facts");
    }

    /// <summary>The utterances that were set aside.</summary>
    public static void Quarantine(RunSummary summary, HtmlPage page)
    {
        if (summary.Quarantined.Count == 0)
            return;

        page.Raw("<h2>Utterances set aside</h2>\n");
        page.Raw("<p class=\"note\">Training went on without them; the file <code>quarantine</code> of the run lists them too.</p>\n");
        page.Table(
            ["set", "utterance", "epoch", "step", "reason"],
            summary.Quarantined.Select(one => new[]
            {
                one.Set, one.Utterance, one.Epoch > 0 ? Text($"{one.Epoch}") : "before training",
                one.Epoch > 0 ? Text($"{one.Step:N0}") : "", one.Reason,
            }),
            "facts");
    }

    private static void Aligned(AlignedErrors utterance, bool isOpen, HtmlPage page)
    {
        page.Raw(isOpen ? "<details open=\"open\">" : "<details>");
        var speaker = utterance.Speaker == utterance.Utterance ? "" : $" ({utterance.Speaker})";
        page.Add($"<summary>{utterance.Utterance}{speaker}: {Errors(utterance.Errors)}, {utterance.Words} in the reference</summary>\n");
        page.Raw("<div class=\"scroll\" tabindex=\"0\"><table class=\"aligned\">\n");
        Line("reference", utterance.Reference);
        Line("hypothesis", utterance.Hypothesis);
        page.Raw("</table></div>\n</details>\n");

        void Line(string name, IReadOnlyList<string> tokens) => page.Add($"<tr><th>{name}</th>")
            .Raw(string.Concat(tokens.Select((token, column) => utterance.Operations[column] == 'C'
                ? HtmlPage.Fill($"<td>{token}</td>")
                : HtmlPage.Fill($"<td class=\"wrong\">{token}</td>"))))
            .Raw("</tr>\n");
    }

    private static string Errors(long count) => count == 1 ? "1 error" : Text($"{count} errors");

    private static string Words(Confusion confusion) => (confusion.Reference, confusion.Hypothesis) switch
    {
        ("", var inserted) => Text($"{inserted} inserted ×{confusion.Count}"),
        (var deleted, "") => Text($"{deleted} deleted ×{confusion.Count}"),
        var (reference, hypothesis) => Text($"{reference} → {hypothesis} ×{confusion.Count}"),
    };

    private static string[] Row(string name, double? before, double? now, string format)
    {
        return [name, Figure(before), Figure(now), $"{(now > before ? "+" : "")}{Figure(now - before)}", "", ""];

        string Figure(double? value) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
