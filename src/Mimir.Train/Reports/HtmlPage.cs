using System.Globalization;
using System.Net;
using System.Text;

namespace Mimir.Train.Reports;

/// <summary>Builds an HTML page without references to other files, for light and dark displays.</summary>
public sealed class HtmlPage
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its title.</param>
    public HtmlPage(string title)
    {
        _text.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        _text.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        Add($"<title>{title}</title>\n<style>\n").Raw(ReportStyle.Sheet).Raw("</style>\n</head>\n<body>\n<main>\n");
    }

    /// <summary>Adds HTML with values in it, each escaped.</summary>
    public HtmlPage Add(FormattableString html) => Raw(Fill(html));

    /// <summary>Adds HTML as it is.</summary>
    public HtmlPage Raw(string html)
    {
        _text.Append(html);
        return this;
    }

    /// <summary>Adds a figure with its name as a tile.</summary>
    public void Tile(string name, string value) =>
        Add($"<div class=\"tile\"><div class=\"value\">{value}</div><div class=\"name\">{name}</div></div>\n");

    /// <summary>Adds a table; one that is wider than the page scrolls by itself.</summary>
    /// <param name="heads">The heads of the columns; all empty for none.</param>
    /// <param name="rows">The cells of each row, as text.</param>
    /// <param name="style"><c>numbers</c> or <c>facts</c>.</param>
    public void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string style = "numbers") =>
        HtmlTable(heads, rows.Select(row => row.Select(cell => Fill($"{cell}")).ToList()), style);

    /// <summary>Adds a table whose cells are HTML already.</summary>
    /// <inheritdoc cref="Table"/>
    public void HtmlTable(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string style = "numbers")
    {
        // The tab index lets a keyboard scroll it.
        Add($"<div class=\"scroll\" tabindex=\"0\"><table class=\"{style}\">\n");
        if (heads.Any(head => head.Length > 0))
            Raw("<thead><tr>").Raw(string.Concat(heads.Select(head => Fill($"<th>{head}</th>")))).Raw("</tr></thead>\n");
        foreach (var row in rows)
            Raw("<tr>").Raw(string.Concat(row.Select(cell => $"<td>{cell}</td>"))).Raw("</tr>\n");
        Raw("</table></div>\n");
    }

    /// <summary>Adds a chart.</summary>
    /// <param name="chart">Title, note and axes.</param>
    /// <param name="series">Its lines.</param>
    /// <param name="legend">True to show the names of the lines above it.</param>
    public void Chart(ChartOptions chart, IReadOnlyList<ChartSeries> series, bool legend)
    {
        Add($"<figure>\n<figcaption><strong>{chart.Title}</strong> <span class=\"note\">{chart.Note}</span>");
        foreach (var line in series.Where(_ => legend))
            Add($" <span class=\"key {line.Style}\"><i></i>{line.Name}</span>");
        Raw("</figcaption>\n").Raw(LineChart.Draw(chart, series)).Raw("\n</figure>\n");
    }

    /// <summary>Ends the page and returns its text.</summary>
    public string End() => Raw("</main>\n</body>\n</html>\n")._text.ToString();

    /// <summary>Fills values into HTML, each escaped.</summary>
    public static string Fill(FormattableString html) => string.Format(
        CultureInfo.InvariantCulture,
        html.Format,
        [.. html.GetArguments().Select(value => value is IFormattable ? value : WebUtility.HtmlEncode(value?.ToString()))]);
}
