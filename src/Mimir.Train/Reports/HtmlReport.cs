using System.Globalization;

namespace Mimir.Train.Reports;

/// <summary><c>report.html</c>: a run on one page that needs nothing else, in light and dark.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <param name="summary">The run.</param>
    /// <param name="recipe">The resolved recipe in YAML.</param>
    public static string Render(RunSummary summary, string recipe)
    {
        var page = new HtmlPage($"{summary.Name}: training report");
        Head(summary, page);
        Tiles(summary, page);
        HtmlFindings.Comparison(summary, page);
        Charts(summary, page);
        Results(summary, page);
        HtmlFindings.Errors(summary, page);
        Epochs(summary, page);
        HtmlFindings.Times(summary, page);
        HtmlFindings.Drops(summary, page);
        HtmlFindings.Quarantine(summary, page);
        Facts(summary, page);
        page.Add($"<h2>Recipe</h2>\n<details>\n<summary>Every value, and where it comes from</summary>\n<pre>{recipe}</pre>\n</details>\n");
        return page.End();
    }

    private static void Head(RunSummary summary, HtmlPage page)
    {
        var status = summary.Status.ToString().ToLowerInvariant();
        page.Add($"<h1>{summary.Name} <span class=\"status {status}\">{status}</span></h1>\n");
        page.Add($"<p class=\"when\">{summary.Started:yyyy-MM-dd HH:mm} to {summary.Ended:yyyy-MM-dd HH:mm} UTC</p>\n");
        if (summary.Error is { } error)
            page.Add($"<p class=\"error\">{error}</p>\n");
    }

    private static void Tiles(RunSummary summary, HtmlPage page)
    {
        page.Raw("<section class=\"tiles\">\n");
        foreach (var result in summary.Results)
            page.Tile(Text($"{result.Measure} {result.Set}{Change(summary, result)}"), Text($"{result.Percent:F2}%"));
        page.Tile("frame accuracy, cv", summary.FrameAccuracy is { } accuracy ? Text($"{100 * accuracy:F2}%") : "-");
        page.Tile("cross-entropy, cv", summary.CrossEntropy is { } loss ? Text($"{loss:F4}") : "-");
        page.Tile("frames a second", summary.FramesPerSecond is { } speed ? Text($"{speed:N0}") : "-");
        page.Tile("time", PlainProgress.Duration(TimeSpan.FromSeconds(summary.Seconds)));
        page.Raw("</section>\n");
    }

    private static string Change(RunSummary summary, SetResult result) =>
        summary.Comparison?.Sets.FirstOrDefault(set => (set.Set, set.Measure) == (result.Set, result.Measure)) is { } set
            ? Text($": {set.Now - set.Before:+0.00;-0.00;0.00}, {set.Verdict}")
            : "";

    private static void Charts(RunSummary summary, HtmlPage page)
    {
        var trained = summary.Epochs.Where(epoch => epoch.Epoch > 0).ToList();
        page.Raw("<section class=\"charts\">\n");
        page.Chart(
            new() { Title = "Loss a frame", Note = "nats; a ring marks a rejected epoch" },
            Pair(epoch => epoch.TrainLoss, epoch => epoch.CvLoss, "F4"),
            legend: true);
        page.Chart(
            new() { Title = "Frame accuracy", Note = "percent; a ring marks a rejected epoch" },
            Pair(epoch => 100 * epoch.TrainAccuracy, epoch => 100 * epoch.CvAccuracy, "F2"),
            legend: true);
        page.Chart(
            new() { Title = "Learning rate", Note = "logarithmic", Format = value => Text($"{value:0.#######}"), Logarithmic = true },
            [new("learning rate", "a", [.. trained.Select(Rate)])],
            legend: false);
        page.Raw("</section>\n");

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
    }

    private static void Results(RunSummary summary, HtmlPage page)
    {
        if (summary.Results.Count == 0)
            return;

        page.Raw("<h2>Error rates</h2>\n");
        page.Table(
            ["set", "measure", "errors", "of", "ins", "del", "sub", "%", "LM weight", "penalty", "tuned on"],
            summary.Results.Select(result => new[]
            {
                result.Set, result.Measure, Text($"{result.Insertions + result.Deletions + result.Substitutions:N0}"),
                Text($"{result.Reference:N0}"), Text($"{result.Insertions:N0}"), Text($"{result.Deletions:N0}"),
                Text($"{result.Substitutions:N0}"), Text($"{result.Percent:F2}"), Text($"{result.LmWeight}"),
                Text($"{result.WordInsertionPenalty}"), result.TunedOn ?? "",
            }));
    }

    private static void Epochs(RunSummary summary, HtmlPage page)
    {
        if (summary.Epochs.Count == 0)
            return;

        var together = summary.Epochs.Any(epoch => epoch.WaitingPercent is not null);
        string[] measures = [.. summary.Epochs.SelectMany(epoch => epoch.CvMeasures?.Keys ?? []).Distinct()];
        var fed = summary.Epochs.Any(epoch => epoch.InputStallPercent is not null);
        page.Raw("<h2>Epochs</h2>\n");
        page.Table(
            [
                "epoch", "rate", "train loss", "train acc. %", "cv loss", "cv acc. %", "verdict", "frames/s",
                .. together ? ["waited %", "exchanged MB"] : Array.Empty<string>(), .. fed ? ["input stall %"] : Array.Empty<string>(),
                .. measures.SelectMany(name => new[] { $"train {name}", $"cv {name}" }),
            ],
            summary.Epochs.Select(epoch => (string[])
            [
                Text($"{epoch.Epoch}"), Text($"{epoch.LearningRate:G6}"), Text($"{epoch.TrainLoss:F4}"),
                Text($"{100 * epoch.TrainAccuracy:F2}"), Text($"{epoch.CvLoss:F4}"), Text($"{100 * epoch.CvAccuracy:F2}"),
                epoch.Epoch == 0 ? "initial" : epoch.Epoch == summary.BestEpoch ? "best" : epoch.Accepted ? "accepted" : "rejected",
                epoch.Epoch == 0 ? "" : Text($"{epoch.FramesPerSecond:N0}"),
                .. together ? [Text($"{epoch.WaitingPercent:F1}"), Text($"{epoch.ExchangedBytes / 1e6:N1}")] : Array.Empty<string>(),
                .. fed ? [Text($"{epoch.InputStallPercent:F1}")] : Array.Empty<string>(),
                .. measures.SelectMany(name => new[] { Mean(epoch.TrainMeasures, name), Mean(epoch.CvMeasures, name) }),
            ]));
    }

    private static string Mean(IReadOnlyDictionary<string, double>? measures, string name) =>
        measures?.TryGetValue(name, out var mean) == true ? Text($"{mean:G5}") : "";

    private static void Facts(RunSummary summary, HtmlPage page)
    {
        page.Raw("<h2>Circumstances</h2>\n");
        var (hardware, versions) = (summary.Hardware, summary.Versions);
        var rows = new List<string[]>
        {
            new[] { "host", hardware.Host },
            new[] { "device", Text($"{hardware.Device} {hardware.Processor}") },
            new[] { "threads", Text($"{hardware.Threads} of {hardware.Cores} cores") },
            new[] { "parameters", Text($"{summary.Parameters:N0}") },
            new[] { "seed", Text($"{summary.Seed}") },
            new[] { "Mimir", versions.Mimir + (versions.Commit is { } commit ? $", commit {commit}" : "") },
            new[] { "recipe", versions.RecipeCommit is { } own ? $"commit {own}" : "" },
            new[] { "libtorch", versions.Libtorch + (versions.Cuda is { } cuda ? $", CUDA {cuda}" : "") },
            new[] { ".NET", versions.Dotnet },
            new[] { "system", versions.System },
        };
        if (summary.Resumptions > 0)
            rows.Add(["resumed", Text($"{summary.Resumptions} times")]);
        rows.AddRange(summary.Tuned.Select(tuned => new[] { "tuned", tuned }));
        rows.AddRange(summary.Warnings.Select(warning => new[] { "warning", warning }));
        page.Table(["", ""], rows.Where(row => row[1].Trim().Length > 0), "facts");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
