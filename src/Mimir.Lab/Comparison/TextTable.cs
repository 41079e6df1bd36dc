using System.Text;

namespace Mimir.Lab.Comparison;

/// <summary>A table as text: for terminals, and in Markdown.</summary>
/// <param name="heads">The heads of the columns.</param>
/// <param name="rows">The cells.</param>
/// <param name="words">How many columns, from the left, hold words; the others hold figures, which end at the right.</param>
internal sealed class TextTable(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, int words)
{
    /// <summary>The table with columns under each other, two spaces between.</summary>
    public string Plain()
    {
        var widths = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max()).ToList();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(heads))
        {
            var cells = row.Select((cell, column) => column < words ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The table in Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        Line(heads);
        Line([.. heads.Select((_, column) => column < words ? "---" : "---:")]);
        foreach (var row in rows)
            Line(row);
        return text.ToString();

        // A bar would end the cell.
        void Line(IReadOnlyList<string> cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }
}
