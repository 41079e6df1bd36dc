using System.Globalization;
using System.Text;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>A table as text, plain or in Markdown.</summary>
/// <param name="heads">The heads of the columns.</param>
/// <param name="rows">The cells.</param>
/// <param name="words">The number of columns on the left that hold words; the others hold figures, aligned to the right.</param>
internal sealed class TextTable(IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, int words)
{
    /// <summary>The table with aligned columns, two spaces between.</summary>
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

/// <summary>Formats the figures of runs; <c>-</c> for an unknown one.</summary>
internal static class Figures
{
    /// <summary>The mark before a time that is modelled.</summary>
    public const string Modelled = "~";

    /// <summary>A share as per cent with two digits.</summary>
    public static string Share(double? share) => Number(100 * share, "F2");

    /// <summary>A number in a given form.</summary>
    public static string Number(double? value, string form) =>
        value is { } number ? number.ToString(form, CultureInfo.InvariantCulture) : "-";

    /// <summary>A difference in per cent with its sign.</summary>
    public static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>A time, marked when it is modelled.</summary>
    public static string Time(double? seconds, bool modelled) => seconds switch
    {
        null => "-",
        < 10 => Mark(modelled) + $"{Number(seconds, "F2")} s",
        < 100 => Mark(modelled) + $"{Number(seconds, "F1")} s",
        { } time => Mark(modelled) + PlainProgress.Duration(TimeSpan.FromSeconds(time)),
    };

    /// <summary>A figure computed from times, marked when they are modelled.</summary>
    public static string OfTime(double? value, string form, bool modelled) =>
        value is null ? "-" : Mark(modelled) + Number(value, form);

    private static string Mark(bool modelled) => modelled ? Modelled : "";
}
