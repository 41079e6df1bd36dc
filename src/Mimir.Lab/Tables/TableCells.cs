using System.Globalization;
using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tables;

/// <summary>A table as rows of text; every figure says whether it was measured or modelled.</summary>
internal static class TableCells
{
    /// <summary>What marks a difference that is significant at 5%.</summary>
    public const string Significant = " *";

    private const string Measured = " m";

    /// <summary>The heads of the columns.</summary>
    public static IReadOnlyList<string> Heads(TableResult result) =>
    [
        "recipe", "workers", "mode", "frame acc. %", "to one", .. result.Sets.SelectMany(set => new[] { $"{Measure(result, set)} {set} %", "to one" }),
        "epoch", "whole time", "speed-up", "efficiency %", "staleness", "reported",
    ];

    /// <summary>How many columns hold words.</summary>
    public const int Words = 3;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(TableResult result) =>
        [.. result.Groups.SelectMany(group => group.Rows.Select(row => Row(result, group, row)))];

    /// <summary>What the marks mean, how differences were tested, and what went wrong.</summary>
    public static IEnumerable<string> Notes(TableResult result)
    {
        yield return $"m: measured. {Figures.Modelled}: modelled by the emulator, not measured. Accuracies and error rates are those of real training "
            + "with as many workers; only time, and in asgd the order of pushes that time decides, comes from a model of the cluster.";
        yield return "workers: machines x devices. epoch: training of one epoch, mean of all. whole time: training and validation of all epochs. "
            + "speed-up: of an epoch, against one worker. efficiency: speed-up by worker. reported: what others have reported for as many devices.";
        if (result.Groups.FirstOrDefault(group => group.Comparison is not null)?.Comparison is { } comparison)
            yield return $"Differences 'to one' are those to the row of one worker, in per cent; * is significant, an error rate's without it is within noise. {ComparisonTable.Method(comparison.Bootstrap)}";
        yield return ComparisonTable.NoFrameTest;
        foreach (var group in result.Groups)
        {
            foreach (var note in group.Comparison?.Notes ?? [])
                yield return $"{group.Recipe}: {note}";
            foreach (var row in group.Rows.Where(row => row.Failure is not null))
                yield return $"{row.Row.Name} has no figures: {row.Failure}";
        }
    }

    private static List<string> Row(TableResult result, TableGroup group, RowOutcome outcome)
    {
        var run = outcome.Run;
        var modelled = run?.IsModelled == true;
        var speed = run is null ? null : group.SpeedUp(run);
        return
        [
            group.Recipe, outcome.Row.Workers.ToString(), outcome.Row.Mode,
            Mark(Figures.Share(run?.Summary.FrameAccuracy)),
            run is not null && run != group.Base && run.Summary.FrameAccuracy - group.Base?.Summary.FrameAccuracy is { } gain
                ? Mark(Figures.Signed(100 * gain))
                : "-",
            .. result.Sets.SelectMany(set => new[] { Mark(Figures.Number(run?.Result(set)?.Percent, "F2")), Test(group, run, set) }),
            Time(run?.SecondsOfEpoch), Time(run?.Seconds), OfTime(speed, "F2"),
            OfTime(100 * speed / outcome.Row.Workers.Workers, "F0"),
            OfTime(run?.Staleness, "F2"),
            outcome.Row.Reported is { } reported ? Reported(reported) : "-",
        ];

        string Time(double? seconds) => Kind(Figures.Time(seconds, modelled));
        string OfTime(double? value, string form) => Kind(Figures.OfTime(value, form, modelled));
        string Kind(string text) => modelled ? text : Mark(text);
    }

    private static string Mark(string text) => text == "-" ? text : text + Measured;

    private static string Test(TableGroup group, FinishedRun? run, string set) =>
        group.Base is not null && run is not null && group.Comparison?.Test(run, set) is { } test
            ? Figures.Signed(test.Result.Difference) + (test.Result.IsSignificant ? Significant : "")
            : "-";

    private static string Measure(TableResult result, string set) => result.Groups
        .Select(group => group.Comparison?.Runs[0].Result(set)?.Measure).OfType<string>().FirstOrDefault() ?? "CER";

    private static string Reported(ReportedSpeed reported) =>
        reported.SpeedUp.ToString("0.##", CultureInfo.InvariantCulture) + (reported.By.Length > 0 ? $" ({reported.By})" : "");
}
