using System.Globalization;
using System.Net;
using System.Text;

namespace Mimir.Train.Reports;

/// <summary>Builds an HTML page without references to other files, for light and dark displays.</summary>
public sealed class HtmlPage
{
    // A table of so many columns may be wider than a phone.
    private const int WideFrom = 5;

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

    /// <summary>Adds a table; one that is wider than the page scrolls by itself, and says so on a small screen.</summary>
    /// <param name="heads">The heads of the columns; all empty for none.</param>
    /// <param name="rows">The cells of each row, as text.</param>
    /// <param name="style"><c>numbers</c> or <c>facts</c>.</param>
    public void Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string style = "numbers") =>
        HtmlTable(heads, rows.Select(row => row.Select(cell => Fill($"{cell}")).ToList()), style);

    /// <summary>Adds a table whose cells are HTML already.</summary>
    /// <inheritdoc cref="Table"/>
    public void HtmlTable(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows, string style = "numbers")
    {
        if (heads.Count >= WideFrom)
            Raw("<p class=\"hint\">the table goes on at the right: swipe it sideways</p>\n");
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

/// <summary>The style sheet of reports.</summary>
internal static class ReportStyle
{
    /// <summary>The text of the style sheet.</summary>
    public const string Sheet = """
        :root {
          color-scheme: light dark;
          --paper: #fcfcfb; --card: #ffffff; --ink: #0b0b0b; --soft: #52514e; --line: #e1e0d9;
          --a: #2a78d6; --b: #eb6834; --good: #006300; --bad: #b3261e; --wait: #8a5a00;
          --s1: #2a78d6; --s2: #d9541e; --s3: #1b8f5c; --s4: #b0359c; --s5: #8a6d00; --s6: #7a4fd0;
          --s7: #0b8a9e; --s8: #c9303f; --s9: #66761a; --s10: #d1478c; --s11: #8c5a3c; --s12: #5f6b7a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #121211; --card: #1a1a19; --ink: #ffffff; --soft: #c3c2b7; --line: #383835;
            --a: #3987e5; --b: #d95926; --good: #4cc24c; --bad: #ff7a70; --wait: #e0ab3e;
            --s1: #5a9df0; --s2: #f08a5a; --s3: #45c48c; --s4: #d96fc8; --s5: #d9b53a; --s6: #a58af0;
            --s7: #3fc4dc; --s8: #f07480; --s9: #a9bb4e; --s10: #f48fc0; --s11: #c99373; --s12: #a3aebc;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
        h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 17px; margin: 32px 0 10px; }
        .when, .note, .none { color: var(--soft); }
        .when { margin: 2px 0 20px; }
        .status { font-size: 13px; font-weight: 600; border: 1px solid; border-radius: 99px; padding: 2px 10px; vertical-align: 5px; }
        .status.ok { color: var(--good); }
        .status.failed { color: var(--bad); }
        .status.interrupted { color: var(--wait); }
        .error { border-left: 3px solid var(--bad); padding: 4px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; }
        .tile, figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        .tile { padding: 12px 14px; }
        .tile .value { font-size: 24px; font-weight: 600; }
        .tile .name { color: var(--soft); font-size: 13px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 12px; margin-top: 12px; }
        figure { margin: 0; padding: 12px 14px; }
        figcaption { font-size: 13px; margin-bottom: 6px; }
        .key { white-space: nowrap; margin-left: 8px; color: var(--soft); }
        .key i { display: inline-block; width: 18px; border-top: 3px solid var(--c); margin-right: 5px; vertical-align: 4px; }
        .a { --c: var(--a); }
        .b { --c: var(--b); }
        .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); } .s4 { --c: var(--s4); }
        .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); } .s8 { --c: var(--s8); }
        .s9 { --c: var(--s9); } .s10 { --c: var(--s10); } .s11 { --c: var(--s11); } .s12 { --c: var(--s12); }
        .d1 i { border-top-style: dashed; }
        .d2 i { border-top-style: dotted; }
        .line.d1 { stroke-dasharray: 7 4; }
        .line.d2 { stroke-dasharray: 2 4; }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 10px; margin-top: 20px; }
        .legend .key { margin-left: 0; color: var(--ink); white-space: normal; overflow-wrap: anywhere; }
        .charts.two { grid-template-columns: repeat(auto-fit, minmax(min(500px, 100%), 1fr)); }
        figure { container-type: inline-size; }
        figure > svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
        @container (max-width: 430px) { svg text { font-size: 17px; } svg .end { font-size: 15px; } }
        svg .x { text-anchor: middle; }
        svg .y { text-anchor: end; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
        .dot { fill: var(--c); stroke: var(--c); stroke-width: 2; }
        .dot.hollow { fill: var(--card); }
        svg .end { fill: var(--c); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
        .hint { display: none; color: var(--soft); font-size: 13px; margin: 0 0 4px; }
        .hint::after { content: " \2192"; }
        @media (max-width: 700px) {
          .hint { display: block; }
          .numbers td:first-child, .numbers th:first-child { position: sticky; left: 0; background: var(--paper); }
        }
        .scroll {
          overflow-x: auto;
          background:
            linear-gradient(to right, var(--paper) 30%, transparent) left / 40px 100% no-repeat local,
            linear-gradient(to left, var(--paper) 30%, transparent) right / 40px 100% no-repeat local,
            linear-gradient(to right, var(--line), transparent) left / 14px 100% no-repeat scroll,
            linear-gradient(to left, var(--line), transparent) right / 14px 100% no-repeat scroll;
        }
        .aligned td { text-align: center; padding: 3px 6px; }
        .aligned th { text-align: left; padding-right: 12px; }
        .aligned .wrong { color: var(--bad); font-weight: 600; }
        .cut { fill: var(--c); }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
        th { text-align: right; color: var(--soft); font-weight: 600; }
        th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
        .numbers td { text-align: right; }
        .numbers td:first-child, .numbers th:first-child { text-align: left; }
        .runs td:nth-child(-n+3), .runs th:nth-child(-n+3) { text-align: left; }
        .table { font-size: 13px; }
        .table th, .table td { padding-right: 9px; }
        .table td:nth-child(-n+3), .table th:nth-child(-n+3) { text-align: left; }
        .runs td:first-child .key { margin-left: 0; color: var(--ink); }
        .runs td:first-child { position: sticky; left: 0; background: var(--paper); }
        h3 { font-size: 15px; margin: 20px 0 6px; }
        .notes { padding-left: 18px; }
        .facts td { white-space: normal; overflow-wrap: anywhere; }
        .facts td:first-child { color: var(--soft); white-space: nowrap; }
        summary { cursor: pointer; color: var(--soft); }
        pre {
          background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px; overflow-x: auto;
          font: 13px/1.5 ui-monospace, monospace;
        }

        """;
}
