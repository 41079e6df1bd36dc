using System.Globalization;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>The curves of compared runs: loss and frame accuracy of cross-validation, along epochs and along time.</summary>
internal static class ComparisonCharts
{
    private const int Colours = 12;

    /// <summary>Times that differ more than this many times are drawn on a logarithmic axis.</summary>
    private const double WideSpread = 4;

    /// <summary>From so many epochs on the first ones say little.</summary>
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
        var hint = late ? "; the axis is that of the later half" : "";
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

        var modelled = runs.Select((run, index) => (run, index)).Where(pair => pair.run.IsModelled).Select(pair => ComparisonTable.Number(pair.index));
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
