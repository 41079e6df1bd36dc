using System.Globalization;
using System.Text;
using System.Text.Json;
using Mimir.Base;
using Mimir.Lab.Comparison;
using Mimir.Train.Reports;

namespace Mimir.Lab.Tables;

/// <summary>Writes a table for the terminal and as <c>table.md</c>, <c>table.html</c> and <c>table.json</c>.</summary>
/// <remarks>The same rows give the same bytes.</remarks>
public static class TableReport
{
    private const string MarkdownFile = "table.md";
    private const string HtmlFile = "table.html";
    private const string JsonFile = "table.json";

    /// <summary>Writes the three files.</summary>
    /// <param name="folder">The folder; made when missing.</param>
    /// <param name="result">The table.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written, or holds another's files.</exception>
    public static void Write(string folder, TableResult result)
    {
        RefuseForeign(folder, result.Table.Name);
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, MarkdownFile), Markdown(result));
        AtomicFile.WriteText(Path.Combine(folder, HtmlFile), Html(result));
        var json = JsonSerializer.Serialize(TableJson.Of(result), TableJsonContext.Default.TableJson);
        AtomicFile.WriteText(Path.Combine(folder, JsonFile), json + "\n");
    }

    /// <summary>Throws when the files in a folder are not those of a table, before it is made.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="table">The table's name, which its own files begin with.</param>
    /// <exception cref="IOException">They are another's.</exception>
    public static void RefuseForeign(string folder, string table)
    {
        var there = new[] { MarkdownFile, HtmlFile, JsonFile }.Where(name => File.Exists(Path.Combine(folder, name))).ToList();
        var isOwn = there.Contains(MarkdownFile) && File.ReadLines(Path.Combine(folder, MarkdownFile)).FirstOrDefault() == Title(table);
        ForeignFiles.Refuse(folder, isOwn ? [] : there, $"another than the table '{table}'");
    }

    /// <summary>The table for a terminal.</summary>
    public static string Text(TableResult result) =>
        Cells(result).Plain() + "\n" + string.Concat(TableCells.Notes(result).Select(note => note + "\n"));

    /// <summary>The table in Markdown.</summary>
    public static string Markdown(TableResult result)
    {
        var text = new StringBuilder(Title(result.Table.Name)).Append("\n\n").Append(Cells(result).Markdown()).Append('\n');
        foreach (var note in TableCells.Notes(result))
            text.Append("- ").Append(note).Append('\n');
        return text.ToString();
    }

    /// <summary>The table with the curves and the tests of each recipe, as one HTML page without references to other files.</summary>
    public static string Html(TableResult result)
    {
        var page = new HtmlPage(result.Table.Name);
        page.Add($"<h1>{result.Table.Name}</h1>\n");
        page.HtmlTable(TableCells.Heads(result), TableCells.Rows(result).Select(row => row.Select(Cell).ToList()), "numbers table");
        page.Raw("<ul class=\"notes\">\n");
        foreach (var note in TableCells.Notes(result))
            page.Add($"<li>{note}</li>\n");
        page.Raw("</ul>\n");
        foreach (var group in result.Groups)
        {
            if (group.Comparison is not { } comparison)
                continue;

            page.Add($"<h2>{group.Recipe}</h2>\n");
            ComparePage.Sections(comparison, page);
        }

        return page.End();
    }

    private static string Cell(string text) => text.EndsWith(TableCells.Significant, StringComparison.Ordinal)
        ? HtmlPage.Fill($"<strong>{text}</strong>")
        : HtmlPage.Fill($"{text}");

    private static TextTable Cells(TableResult result) => new(TableCells.Heads(result), TableCells.Rows(result), TableCells.Words);

    private static string Title(string table) => $"# {table}";
}

/// <summary>A table as cells of text; every figure is marked as measured or modelled.</summary>
internal static class TableCells
{
    /// <summary>The mark of a difference that is significant at the 5% level.</summary>
    public const string Significant = " *";

    private const string Measured = " m";

    /// <summary>The heads of the columns.</summary>
    public static IReadOnlyList<string> Heads(TableResult result) =>
    [
        "recipe", "workers", "mode", "frame acc. %", "to one",
        .. result.Sets.SelectMany(set => new[] { $"{Measure(result, set)} {set} %", "to one" }),
        "epoch", "whole time", "speed-up", "efficiency %", "staleness", "reported",
    ];

    /// <summary>The number of columns that hold words.</summary>
    public const int Words = 3;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(TableResult result) =>
        [.. result.Groups.SelectMany(group => group.Rows.Select(row => Row(result, group, row)))];

    /// <summary>Remarks: the meaning of the marks, the method of the tests, and failed rows.</summary>
    public static IEnumerable<string> Notes(TableResult result)
    {
        yield return $"m: measured. {Figures.Modelled}: modelled by the emulator, not measured. Accuracies and error rates are those of "
            + "real training with as many workers; only time, and in asgd the order of pushes that time decides, comes from a model of the "
            + "cluster.";
        yield return "workers: machines x devices. epoch: training of one epoch, mean of all. whole time: training and validation of all "
            + "epochs. speed-up: of an epoch, against one worker. efficiency: speed-up by worker. reported: what others have reported for "
            + "as many devices.";
        if (result.Groups.FirstOrDefault(group => group.Comparison is not null)?.Comparison is { } comparison)
        {
            yield return "Differences 'to one' are those to the row of one worker, in per cent; * is significant, an error rate's without "
                + $"it is within noise. {ComparisonTable.Method(comparison.Bootstrap)}";
        }

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
