using Mimir.Base;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>A comparison on one page that needs nothing else, in light and dark.</summary>
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
