using System.Globalization;
using Mimir.Base;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>Writes a comparison as one HTML page without references to other files.</summary>
public static class ComparePage
{
    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="comparison">The runs.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, RunComparison comparison) => AtomicFile.WriteText(path, Render(comparison));

    /// <summary>The page.</summary>
    public static string Render(RunComparison comparison)
    {
        var title = $"{comparison.Runs.Count} runs compared";
        var page = new HtmlPage(title);
        page.Add($"<h1>{title}</h1>\n");
        Runs(comparison, page);
        Sections(comparison, page);
        page.Raw("<h2>Notes</h2>\n<ul class=\"notes\">\n");
        foreach (var note in ComparisonTable.Notes(comparison))
            page.Add($"<li>{note}</li>\n");
        return page.Raw("</ul>\n").End();
    }

    /// <summary>Adds the curves, and a table of tests for each set.</summary>
    internal static void Sections(RunComparison comparison, HtmlPage page)
    {
        ComparisonCharts.Add(comparison, page);
        if (comparison.Tests.Count == 0)
            return;

        page.Add($"<h2>Differences of error rates</h2>\n<p class=\"note\">{ComparisonTable.Method(comparison.Bootstrap)}</p>\n");
        foreach (var set in comparison.Sets)
        {
            page.Add($"<h3>{ComparisonTable.TestTitle(comparison, set)}</h3>\n");
            page.HtmlTable(ComparisonTable.TestHeads, ComparisonTable.Tests(comparison, set).Select(Marked), "numbers runs");
        }
    }

    private static void Runs(RunComparison comparison, HtmlPage page) =>
        page.HtmlTable(ComparisonTable.RunHeads(comparison), ComparisonTable.Runs(comparison).Select(Marked), "numbers runs");

    private static List<string> Marked(IReadOnlyList<string> row) =>
    [
        ComparisonCharts.Mark(row[0]),
        .. row.Skip(1).Select(cell => cell == "significant" ? "<strong>significant</strong>" : HtmlPage.Fill($"{cell}")),
    ];
}

/// <summary>The curves of compared runs: loss and frame accuracy of cross-validation, by epoch and by time.</summary>
internal static class ComparisonCharts
{
    private const int Colours = 12;

    /// <summary>The ratio of times from which on the axis is logarithmic.</summary>
    private const double WideSpread = 4;

    /// <summary>The number of epochs from which on the axis is that of the later half.</summary>
    private const int LateFrom = 4;

    /// <summary>Adds a legend and the four charts.</summary>
    public static void Add(RunComparison comparison, HtmlPage page)
    {
        var runs = comparison.Runs;
        if (runs.All(run => run.Epochs.Count == 0))
            return;

        var (unit, seconds) = Unit(runs);
        var clock = Clock(runs);
        var late = runs.Max(run => run.Epochs.Count) >= LateFrom;
        var hint = late ? "; the axis is that of the later half, an arrow marks a line that goes on beyond it" : "";
        page.Raw("<section class=\"legend\">\n");
        foreach (var (run, index) in runs.Select((run, index) => (run, index)))
            page.Add($"<span class=\"key {Style(index)}\"><i></i><b>{ComparisonTable.Number(index)}</b> {run.Name}</span>\n");
        page.Raw("<span class=\"note\">a ring marks a rejected epoch</span>\n</section>\n<section class=\"charts two\">\n");
        foreach (var (title, measure, value) in Measures())
        {
            page.Chart(
                new() { Title = $"{title} by epoch", Note = $"{measure}{hint}", Keys = true, LaterHalf = late },
                [.. runs.Select((run, index) => Series(run, index, value, (_, epoch) => epoch.Result.Epoch))],
                legend: false);
            page.Chart(
                new()
                {
                    Title = $"{title} by time",
                    Note = $"{measure}{hint}",
                    Keys = true,
                    LaterHalf = late,
                    Along = $"{unit}, {clock}",
                    Division = IsWide(runs) ? ChartDivision.Logarithmic : ChartDivision.FromZero,
                },
                [.. runs.Select((run, index) => Series(run, index, value, (before, epoch) => (before + epoch.Seconds) / seconds))],
                legend: false);
        }

        page.Raw("</section>\n");
    }

    /// <summary>The mark of a run in a table: its number in the colour of its line.</summary>
    /// <param name="number">The number from 1.</param>
    public static string Mark(string number)
    {
        var style = Style(int.Parse(number, CultureInfo.InvariantCulture) - 1);
        return HtmlPage.Fill($"<span class=\"key {style}\"><i></i><b>{number}</b></span>");
    }

    private static IEnumerable<(string Title, string Measure, Func<EpochResult, double> Value)> Measures() =>
    [
        ("Loss", "nats a frame of cross-validation", epoch => epoch.CvLoss),
        ("Frame accuracy", "per cent of cross-validation", epoch => 100 * epoch.CvAccuracy),
    ];

    private static ChartSeries Series(
        FinishedRun run, int index, Func<EpochResult, double> value, Func<double, FinishedEpoch, double> place)
    {
        var points = new List<ChartPoint>();
        var before = run.InitialSeconds;
        foreach (var epoch in run.Epochs)
        {
            var figure = value(epoch.Result);
            points.Add(new(
                place(before, epoch),
                figure,
                string.Create(CultureInfo.InvariantCulture, $"{run.Name}, epoch {epoch.Result.Epoch}: {figure:G5}, ")
                    + Figures.Time(before + epoch.Seconds, run.IsModelled),
                Hollow: !epoch.Result.Accepted));
            before += epoch.Seconds;
        }

        return new(run.Name, Style(index), points) { Key = ComparisonTable.Number(index) };
    }

    // Twelve colours can be told apart; beyond them the same ones come with dashes.
    private static string Style(int index) => string.Create(
        CultureInfo.InvariantCulture, $"s{index % Colours + 1}{(index < Colours ? "" : index < 2 * Colours ? " d1" : " d2")}");

    private static string Clock(IReadOnlyList<FinishedRun> runs)
    {
        if (runs.All(run => !run.IsModelled))
            return "measured: training and validation";
        if (runs.All(run => run.IsModelled))
            return "modelled: training and validation";

        var modelled = runs.Select((run, index) => (run, index))
            .Where(pair => pair.run.IsModelled)
            .Select(pair => ComparisonTable.Number(pair.index));
        return $"modelled for {string.Join(", ", modelled)}, measured for the others";
    }

    private static bool IsWide(IReadOnlyList<FinishedRun> runs)
    {
        var times = runs.Select(run => run.Seconds).Where(time => time > 0).ToList();
        return times.Count > 0 && times.Max() > WideSpread * times.Min();
    }

    private static (string Name, double Seconds) Unit(IReadOnlyList<FinishedRun> runs) => runs.Max(run => run.Seconds) switch
    {
        < 300 => ("seconds", 1),
        < 3 * 3600 => ("minutes", 60),
        _ => ("hours", 3600),
    };
}
