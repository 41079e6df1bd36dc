using System.Globalization;
using System.Net;
using System.Text;

namespace Mimir.Train.Reports;

/// <summary>Draws lines as SVG; colours come from the page's style sheet.</summary>
internal static class LineChart
{
    private const double Width = 560;
    private const double Height = 280;
    private const double Left = 76;
    private const double Right = 18;
    private const double RightOfKeys = 40;
    private const double Top = 14;
    private const double Bottom = 48;

    /// <summary>The chart as an <c>svg</c> element, or a sentence when there is nothing to draw.</summary>
    /// <param name="chart">Title, axes and form.</param>
    /// <param name="series">The lines.</param>
    public static string Draw(ChartOptions chart, IReadOnlyList<ChartSeries> series)
    {
        var lines = series
            .Select(line => line with { Points = [.. line.Points.Where(point => IsDrawn(point, chart))] })
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (lines.Count == 0)
            return "<p class=\"none\">No epoch is finished yet.</p>";

        var right = Width - (chart.Keys ? RightOfKeys : Right);
        var all = lines.SelectMany(line => line.Points).ToList();
        var shown = chart.LaterHalf ? [.. lines.SelectMany(line => line.Points.Skip(line.Points.Count / 2))] : all;
        var values = Values(chart, shown.Min(point => point.Y), shown.Max(point => point.Y));
        var along = Along(chart, all.Min(point => point.X), all.Max(point => point.X));
        double X(double value) => Left + (right - Left) * along.Share(value);
        double Y(double value) => Height - Bottom - (Height - Top - Bottom) * values.Share(value);

        var svg = new StringBuilder();
        svg.Append(Text($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(chart.Title)}\">\n"));
        foreach (var tick in values.Ticks)
        {
            svg.Append(Text($"<line class=\"grid\" x1=\"{Left}\" x2=\"{right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>"));
            svg.Append(Text($"<text class=\"y\" x=\"{Left - 8}\" y=\"{Y(tick) + 5:F1}\">"));
            svg.Append(WebUtility.HtmlEncode(chart.Format(tick))).Append("</text>\n");
        }

        foreach (var tick in along.Ticks)
            svg.Append(Text($"<text class=\"x\" x=\"{X(tick):F1}\" y=\"{Height - Bottom + 20}\">{tick:0.####}</text>\n"));
        svg.Append(Text($"<text class=\"x\" x=\"{(Left + right) / 2:F1}\" y=\"{Height - 6}\">"));
        svg.Append(WebUtility.HtmlEncode(chart.Along)).Append("</text>\n");

        // An svg of its own cuts off what lies above or below the axis.
        if (chart.LaterHalf)
        {
            svg.Append(Text($"<svg y=\"{Top - 6}\" width=\"{Width}\" height=\"{Height - Top - Bottom + 12}\" "));
            svg.Append(Text($"viewBox=\"0 {Top - 6} {Width} {Height - Top - Bottom + 12}\">\n"));
        }

        foreach (var line in lines)
            Line(line, X, Y, chart.Keys ? 3 : 4, svg);
        if (chart.LaterHalf)
        {
            svg.Append("</svg>\n");
            foreach (var line in lines)
                Cuts(line, values, X, Y, chart, svg);
        }

        if (chart.Keys)
            Keys(lines, X, Y, svg);
        return svg.Append("</svg>").ToString();
    }

    private static bool IsDrawn(ChartPoint point, ChartOptions chart) =>
        double.IsFinite(point.Y) && double.IsFinite(point.X)
        && (!chart.Logarithmic || point.Y > 0)
        && (chart.Division != ChartDivision.Logarithmic || point.X > 0);

    private static ChartScale Values(ChartOptions chart, double least, double greatest)
    {
        var ticks = chart.Logarithmic ? ChartAxis.LogarithmicTicks(least, greatest) : ChartAxis.Ticks(least, greatest);
        return new(ticks, ticks[0], ticks[^1], chart.Logarithmic);
    }

    private static ChartScale Along(ChartOptions chart, double least, double greatest) => chart.Division switch
    {
        ChartDivision.Whole => Whole((int)least, Math.Max((int)greatest, (int)least + 1)),
        ChartDivision.FromZero => Within(ChartAxis.Ticks(0, greatest), 0, greatest, logarithmic: false),
        _ => Within(ChartAxis.LogarithmicTicks(least, greatest), least, greatest, logarithmic: true),
    };

    private static ChartScale Whole(int first, int last) =>
        new([.. ChartAxis.WholeTicks(first, last).Select(tick => (double)tick)], first, last, false);

    // Lines reach from side to side; round numbers beyond them have no place.
    private static ChartScale Within(IEnumerable<double> ticks, double first, double last, bool logarithmic)
    {
        last = last > first ? last : first + Math.Max(Math.Abs(first), 1);
        return new([.. ticks.Where(tick => tick >= first && tick <= last * (1 + 1e-9))], first, last, logarithmic);
    }

    private static void Line(ChartSeries line, Func<double, double> x, Func<double, double> y, double radius, StringBuilder svg)
    {
        var path = string.Join(' ', line.Points.Select(point => Text($"{x(point.X):F1},{y(point.Y):F1}")));
        svg.Append(Text($"<polyline class=\"line {line.Style}\" points=\"{path}\"/>\n"));
        foreach (var point in line.Points)
        {
            var style = point.Hollow ? $"{line.Style} hollow" : line.Style;
            svg.Append(Text($"<circle class=\"dot {style}\" cx=\"{x(point.X):F1}\" cy=\"{y(point.Y):F1}\" r=\"{radius}\">"));
            svg.Append("<title>").Append(WebUtility.HtmlEncode(point.Label)).Append("</title></circle>\n");
        }
    }

    // An arrow where a line leaves the axis: the value beyond it is in the label.
    private static void Cuts(
        ChartSeries line, ChartScale values, Func<double, double> x, Func<double, double> y, ChartOptions chart, StringBuilder svg)
    {
        var (low, high) = (values.First, values.Last);
        foreach (var (point, other) in line.Points.Zip(line.Points.Skip(1)).SelectMany(pair => new[] { pair, (pair.Second, pair.First) }))
        {
            var isAbove = point.Y > high;
            if ((!isAbove && point.Y >= low) || other.Y < low || other.Y > high)
                continue;

            var edge = isAbove ? high : low;
            var at = x(other.X) + (x(point.X) - x(other.X)) * (y(edge) - y(other.Y)) / (y(point.Y) - y(other.Y));
            var (tip, foot) = isAbove ? (y(edge) - 9, y(edge) - 1) : (y(edge) + 9, y(edge) + 1);
            svg.Append(Text($"<polygon class=\"cut {line.Style}\" "));
            svg.Append(Text($"points=\"{at:F1},{tip:F1} {at - 5:F1},{foot:F1} {at + 5:F1},{foot:F1}\">"));
            svg.Append("<title>").Append(WebUtility.HtmlEncode($"goes on to {chart.Format(point.Y)}: {point.Label}"));
            svg.Append("</title></polygon>\n");
        }
    }

    private static void Keys(IReadOnlyList<ChartSeries> lines, Func<double, double> x, Func<double, double> y, StringBuilder svg)
    {
        var ends = lines.Select(line => (X: x(line.Points[^1].X), Y: y(line.Points[^1].Y))).ToList();
        var places = ChartKeys.Place(ends, Top, Height - Bottom);
        foreach (var (line, place) in lines.Zip(places))
        {
            svg.Append(Text($"<text class=\"end {line.Style}\" x=\"{place.X:F1}\" y=\"{place.Y + 5:F1}\">"));
            svg.Append(WebUtility.HtmlEncode(line.Key));
            svg.Append("<title>").Append(WebUtility.HtmlEncode(line.Name)).Append("</title></text>\n");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record ChartScale(IReadOnlyList<double> Ticks, double First, double Last, bool Logarithmic)
    {
        /// <summary>The position of a value between both ends, from 0 to 1.</summary>
        public double Share(double value) => Logarithmic
            ? Math.Log(value / First) / Math.Log(Last / First)
            : (value - First) / (Last - First);
    }
}

/// <summary>The options of a chart: title, axes and form.</summary>
public sealed record ChartOptions
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The unit, and a hint for the reader.</summary>
    public string Note { get; init; } = "";

    /// <summary>Formats a value at the axis.</summary>
    public Func<double, string> Format { get; init; } = value => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>True for a logarithmic axis of values; values up to 0 are left out then.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The name of the other axis.</summary>
    public string Along { get; init; } = "epoch";

    /// <summary>The division of that axis.</summary>
    public ChartDivision Division { get; init; }

    /// <summary>
    /// True when the axis of values holds the later half of each line alone, so that small differences at the end can be seen;
    /// lines come in from beyond it.
    /// </summary>
    public bool LaterHalf { get; init; }

    /// <summary>True to write each line's <see cref="ChartSeries.Key"/> at its end.</summary>
    public bool Keys { get; init; }
}

/// <summary>The division of the axis that lines run along.</summary>
public enum ChartDivision
{
    /// <summary>By whole numbers.</summary>
    Whole,

    /// <summary>By round numbers from 0.</summary>
    FromZero,

    /// <summary>By powers of ten; points up to 0 are left out.</summary>
    Logarithmic,
}

/// <summary>A line of a chart.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Style">The classes that give it its colour and its dashes: <c>a</c>, <c>b</c>, or <c>s3 d1</c>.</param>
/// <param name="Points">Its points from left to right; values that are no number are left out.</param>
public sealed record ChartSeries(string Name, string Style, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>A short name that stands at the end of the line.</summary>
    public string Key { get; init; } = "";
}

/// <summary>A point of a line.</summary>
/// <param name="X">The epoch, or the time.</param>
/// <param name="Y">The value.</param>
/// <param name="Label">The text that a pointer over it shows.</param>
/// <param name="Hollow">True to draw it as a ring: a rejected epoch.</param>
public readonly record struct ChartPoint(double X, double Y, string Label, bool Hollow = false);
