using System.Globalization;
using System.Net;
using System.Text;

namespace Mimir.Train.Reports;

/// <summary><c>report.html</c>: a run on one page that needs nothing else, in light and dark.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <param name="summary">The run.</param>
    /// <param name="recipe">The resolved recipe in YAML.</param>
    public static string Render(RunSummary summary, string recipe)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(Html($"<title>{summary.Name}: training report</title>\n<style>\n"));
        page.Append(ReportStyle.Sheet).Append("</style>\n</head>\n<body>\n<main>\n");
        Head(summary, page);
        Tiles(summary, page);
        Charts(summary, page);
        Results(summary, page);
        Epochs(summary, page);
        Facts(summary, page);
        page.Append("<h2>Recipe</h2>\n<details>\n<summary>Every value, and where it comes from</summary>\n");
        page.Append(Html($"<pre>{recipe}</pre>\n</details>\n</main>\n</body>\n</html>\n"));
        return page.ToString();
    }

    private static void Head(RunSummary summary, StringBuilder page)
    {
        var status = summary.Status.ToString().ToLowerInvariant();
        page.Append(Html($"<h1>{summary.Name} <span class=\"status {status}\">{status}</span></h1>\n"));
        page.Append(Html($"<p class=\"when\">{summary.Started:yyyy-MM-dd HH:mm} to {summary.Ended:yyyy-MM-dd HH:mm} UTC</p>\n"));
        if (summary.Error is { } error)
            page.Append(Html($"<p class=\"error\">{error}</p>\n"));
    }

    private static void Tiles(RunSummary summary, StringBuilder page)
    {
        page.Append("<section class=\"tiles\">\n");
        foreach (var result in summary.Results)
            Tile(Text($"{result.Measure} {result.Set}"), Text($"{result.Percent:F2}%"), page);
        Tile("frame accuracy, cv", summary.FrameAccuracy is { } accuracy ? Text($"{100 * accuracy:F2}%") : "-", page);
        Tile("cross-entropy, cv", summary.CrossEntropy is { } loss ? Text($"{loss:F4}") : "-", page);
        Tile("frames a second", summary.FramesPerSecond is { } speed ? Text($"{speed:N0}") : "-", page);
        Tile("time", PlainProgress.Duration(TimeSpan.FromSeconds(summary.Seconds)), page);
        page.Append("</section>\n");
    }

    private static void Tile(string name, string value, StringBuilder page) =>
        page.Append(Html($"<div class=\"tile\"><div class=\"value\">{value}</div><div class=\"name\">{name}</div></div>\n"));

    private static void Charts(RunSummary summary, StringBuilder page)
    {
        var trained = summary.Epochs.Where(epoch => epoch.Epoch > 0).ToList();
        page.Append("<section class=\"charts\">\n");
        Chart(
            "Loss a frame",
            "nats; a ring marks a rejected epoch",
            Pair(epoch => epoch.TrainLoss, epoch => epoch.CvLoss, "F4"),
            value => Text($"{value:G4}"));
        Chart(
            "Frame accuracy",
            "percent; a ring marks a rejected epoch",
            Pair(epoch => 100 * epoch.TrainAccuracy, epoch => 100 * epoch.CvAccuracy, "F2"),
            value => Text($"{value:G4}"));
        Chart(
            "Learning rate",
            "logarithmic",
            [new("learning rate", "a", [.. trained.Select(Rate)])],
            value => Text($"{value:0.#######}"),
            logarithmic: true);
        page.Append("</section>\n");

        static ChartPoint Rate(EpochResult epoch) =>
            new(epoch.Epoch, epoch.LearningRate, Text($"epoch {epoch.Epoch}: {epoch.LearningRate:G6}"));

        List<ChartSeries> Pair(Func<EpochResult, double?> train, Func<EpochResult, double?> cv, string format) =>
            [Series("training", "a", train, format), Series("cross-validation", "b", cv, format)];

        ChartSeries Series(string name, string style, Func<EpochResult, double?> value, string format) => new(name, style,
        [
            .. summary.Epochs.Where(epoch => value(epoch) is not null).Select(epoch => new ChartPoint(
                epoch.Epoch,
                value(epoch) ?? 0,
                $"epoch {epoch.Epoch}, {name}: {(value(epoch) ?? 0).ToString(format, CultureInfo.InvariantCulture)}",
                Hollow: epoch.Epoch > 0 && !epoch.Accepted)),
        ]);

        void Chart(
            string title, string note, IReadOnlyList<ChartSeries> series, Func<double, string> format, bool logarithmic = false)
        {
            page.Append(Html($"<figure>\n<figcaption><strong>{title}</strong> <span class=\"note\">{note}</span>"));
            foreach (var line in series.Where(_ => series.Count > 1))
                page.Append(Html($" <span class=\"key\"><i class=\"{line.Style}\"></i>{line.Name}</span>"));
            page.Append("</figcaption>\n").Append(LineChart.Draw(title, series, format, logarithmic)).Append("\n</figure>\n");
        }
    }

    private static void Results(RunSummary summary, StringBuilder page)
    {
        if (summary.Results.Count == 0)
            return;

        page.Append("<h2>Error rates</h2>\n");
        Table(
            ["set", "measure", "errors", "of", "ins", "del", "sub", "%", "LM weight", "penalty", "tuned on"],
            summary.Results.Select(result => new[]
            {
                result.Set, result.Measure, Text($"{result.Insertions + result.Deletions + result.Substitutions:N0}"),
                Text($"{result.Reference:N0}"), Text($"{result.Insertions:N0}"), Text($"{result.Deletions:N0}"),
                Text($"{result.Substitutions:N0}"), Text($"{result.Percent:F2}"), Text($"{result.LmWeight}"),
                Text($"{result.WordInsertionPenalty}"), result.TunedOn ?? "",
            }),
            page);
    }

    private static void Epochs(RunSummary summary, StringBuilder page)
    {
        if (summary.Epochs.Count == 0)
            return;

        var together = summary.Epochs.Any(epoch => epoch.WaitingPercent is not null);
        var fed = summary.Epochs.Any(epoch => epoch.InputStallPercent is not null);
        page.Append("<h2>Epochs</h2>\n");
        Table(
            [
                "epoch", "rate", "train loss", "train acc. %", "cv loss", "cv acc. %", "verdict", "frames/s",
                .. together ? ["waited %", "exchanged MB"] : Array.Empty<string>(), .. fed ? ["input stall %"] : Array.Empty<string>(),
            ],
            summary.Epochs.Select(epoch => (string[])
            [
                Text($"{epoch.Epoch}"), Text($"{epoch.LearningRate:G6}"), Text($"{epoch.TrainLoss:F4}"),
                Text($"{100 * epoch.TrainAccuracy:F2}"), Text($"{epoch.CvLoss:F4}"), Text($"{100 * epoch.CvAccuracy:F2}"),
                epoch.Epoch == 0 ? "initial" : epoch.Epoch == summary.BestEpoch ? "best" : epoch.Accepted ? "accepted" : "rejected",
                epoch.Epoch == 0 ? "" : Text($"{epoch.FramesPerSecond:N0}"),
                .. together ? [Text($"{epoch.WaitingPercent:F1}"), Text($"{epoch.ExchangedBytes / 1e6:N1}")] : Array.Empty<string>(),
                .. fed ? [Text($"{epoch.InputStallPercent:F1}")] : Array.Empty<string>(),
            ]),
            page);
    }

    private static void Facts(RunSummary summary, StringBuilder page)
    {
        page.Append("<h2>Circumstances</h2>\n");
        var (hardware, versions) = (summary.Hardware, summary.Versions);
        var rows = new List<string[]>
        {
            new[] { "device", Text($"{hardware.Device} {hardware.Processor}") },
            new[] { "threads", Text($"{hardware.Threads} of {hardware.Cores} cores") },
            new[] { "parameters", Text($"{summary.Parameters:N0}") },
            new[] { "seed", Text($"{summary.Seed}") },
            new[] { "Mimir", versions.Mimir },
            new[] { "libtorch", versions.Libtorch + (versions.Cuda is { } cuda ? $", CUDA {cuda}" : "") },
            new[] { ".NET", versions.Dotnet },
            new[] { "system", versions.System },
        };
        if (summary.Resumptions > 0)
            rows.Add(["resumed", Text($"{summary.Resumptions} times")]);
        rows.AddRange(summary.Dropped.Where(set => set.Value > 0).Select(set =>
            new[] { $"left out of {set.Key}", Text($"{set.Value:N0} utterances") }));
        rows.AddRange(summary.Tuned.Select(tuned => new[] { "tuned", tuned }));
        rows.AddRange(summary.Warnings.Select(warning => new[] { "warning", warning }));
        Table(["", ""], rows.Where(row => row[1].Trim().Length > 0), page, "facts");
    }

    private static void Table(
        IReadOnlyList<string> heads, IEnumerable<string[]> rows, StringBuilder page, string style = "numbers")
    {
        page.Append(Html($"<div class=\"scroll\"><table class=\"{style}\">\n"));
        if (heads.Any(head => head.Length > 0))
        {
            page.Append("<thead><tr>").AppendJoin("", heads.Select(head => Html($"<th>{head}</th>")));
            page.Append("</tr></thead>\n");
        }

        foreach (var row in rows)
            page.Append("<tr>").AppendJoin("", row.Select(cell => Html($"<td>{cell}</td>"))).Append("</tr>\n");
        page.Append("</table></div>\n");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Fills values into HTML, each escaped.</summary>
    private static string Html(FormattableString html) => string.Format(
        CultureInfo.InvariantCulture,
        html.Format,
        [.. html.GetArguments().Select(value => value is IFormattable ? value : WebUtility.HtmlEncode(value?.ToString()))]);
}
