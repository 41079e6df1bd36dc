using System.Text;
using System.Text.Json;
using Mimir.Base;
using Mimir.Lab.Comparison;
using Mimir.Train.Reports;

namespace Mimir.Lab.Tables;

/// <summary>Writes a table: for the terminal, <c>table.md</c>, <c>table.html</c>, <c>table.json</c>. The same rows give the same bytes.</summary>
public static class TableReport
{
    /// <summary>Writes the three files.</summary>
    /// <param name="folder">The folder; made when missing.</param>
    /// <param name="result">The table.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string folder, TableResult result)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(Path.Combine(folder, "table.md"), Markdown(result));
        AtomicFile.WriteText(Path.Combine(folder, "table.html"), Html(result));
        AtomicFile.WriteText(Path.Combine(folder, "table.json"), JsonSerializer.Serialize(TableJson.Of(result), TableJsonContext.Default.TableJson) + "\n");
    }

    /// <summary>The table for a terminal.</summary>
    public static string Text(TableResult result) =>
        Cells(result).Plain() + "\n" + string.Concat(TableCells.Notes(result).Select(note => note + "\n"));

    /// <summary>The table in Markdown.</summary>
    public static string Markdown(TableResult result)
    {
        var text = new StringBuilder($"# {result.Table.Name}\n\n").Append(Cells(result).Markdown()).Append('\n');
        foreach (var note in TableCells.Notes(result))
            text.Append("- ").Append(note).Append('\n');
        return text.ToString();
    }

    /// <summary>The table with the curves and the tests of each recipe, on one page that needs nothing else.</summary>
    public static string Html(TableResult result)
    {
        var page = new HtmlPage(result.Table.Name);
        page.Add($"<h1>{result.Table.Name}</h1>\n");
        page.HtmlTable(TableCells.Heads(result), TableCells.Rows(result).Select(row => row.Select(Cell).ToList()), "numbers table");
        page.Raw("<ul class=\"notes\">\n");
        foreach (var note in TableCells.Notes(result))
            page.Add($"<li>{note}</li>\n");
        page.Raw("</ul>\n");
        foreach (var (group, comparison) in result.Groups.Where(group => group.Comparison is not null).Select(group => (group, group.Comparison)))
        {
            page.Add($"<h2>{group.Recipe}</h2>\n");
            if (comparison is not null)
                ComparePage.Sections(comparison, page);
        }

        return page.End();
    }

    private static string Cell(string text) => text.EndsWith(TableCells.Significant, StringComparison.Ordinal)
        ? HtmlPage.Fill($"<strong>{text}</strong>")
        : HtmlPage.Fill($"{text}");

    private static TextTable Cells(TableResult result) => new(TableCells.Heads(result), TableCells.Rows(result), TableCells.Words);
}
