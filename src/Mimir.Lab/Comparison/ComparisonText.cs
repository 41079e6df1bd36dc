using System.Text;

namespace Mimir.Lab.Comparison;

/// <summary>A comparison for the terminal.</summary>
public static class ComparisonText
{
    /// <summary>The runs side by side, then a table of tests for each set.</summary>
    public static string Render(RunComparison comparison)
    {
        var text = new StringBuilder(new TextTable(ComparisonTable.RunHeads(comparison), ComparisonTable.Runs(comparison), words: 3).Plain());
        if (comparison.Tests.Count > 0)
            text.Append('\n').Append(ComparisonTable.Method(comparison.Bootstrap)).Append('\n');
        foreach (var set in comparison.Sets.Where(_ => comparison.Tests.Count > 0))
        {
            text.Append('\n').Append(ComparisonTable.TestTitle(comparison, set)).Append('\n');
            text.Append(new TextTable(ComparisonTable.TestHeads, ComparisonTable.Tests(comparison, set), words: 3).Plain());
        }

        text.Append('\n');
        foreach (var note in ComparisonTable.Notes(comparison))
            text.Append(note).Append('\n');
        return text.ToString();
    }
}
