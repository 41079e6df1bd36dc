using System.Globalization;
using System.Net;
using System.Text;

namespace Mimir.Train.Reports;

/// <summary>Draws lines over epochs as SVG; colours come from the page's style sheet.</summary>
internal static class LineChart
{
    private const double Width = 560;
    private const double Height = 260;
    private const double Left = 64;
    private const double Right = 16;
    private const double Top = 12;
    private const double Bottom = 36;

    /// <summary>The chart as an <c>svg</c> element, or a sentence when there is nothing to draw.</summary>
    /// <param name="title">What it shows, for readers who do not see it.</param>
    /// <param name="series">The lines.</param>
    /// <param name="format">Writes a value at the axis.</param>
    /// <param name="logarithmic">Whether the axis of values is logarithmic; values up to 0 are left out then.</param>
    public static string Draw(
        string title, IReadOnlyList<ChartSeries> series, Func<double, string> format, bool logarithmic = false)
    {
        var least = logarithmic ? double.Epsilon : double.MinValue;
        var lines = series
            .Select(line => line with { Points = [.. line.Points.Where(point => point.Y >= least && point.Y <= double.MaxValue)] })
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (lines.Count == 0)
            return "<p class=\"none\">No epoch is finished yet.</p>";

        var all = lines.SelectMany(line => line.Points).ToList();
        var ticks = logarithmic
            ? ChartAxis.LogarithmicTicks(all.Min(point => point.Y), all.Max(point => point.Y))
            : ChartAxis.Ticks(all.Min(point => point.Y), all.Max(point => point.Y));
        var (first, last) = (all.Min(point => point.X), Math.Max(all.Max(point => point.X), all.Min(point => point.X) + 1));
        double X(double epoch) => Left + (Width - Left - Right) * (epoch - first) / (last - first);
        double Scale(double value) => logarithmic ? Math.Log(value) : value;
        double Y(double value) => Height - Bottom
            - (Height - Top - Bottom) * (Scale(value) - Scale(ticks[0])) / (Scale(ticks[^1]) - Scale(ticks[0]));

        var svg = new StringBuilder();
        svg.Append(Text($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">\n"));
        foreach (var tick in ticks)
        {
            svg.Append(Text($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>"));
            svg.Append(Text($"<text class=\"y\" x=\"{Left - 8}\" y=\"{Y(tick) + 4:F1}\">"));
            svg.Append(WebUtility.HtmlEncode(format(tick))).Append("</text>\n");
        }

        foreach (var epoch in ChartAxis.WholeTicks(first, last))
            svg.Append(Text($"<text class=\"x\" x=\"{X(epoch):F1}\" y=\"{Height - Bottom + 18}\">{epoch}</text>\n"));
        svg.Append(Text($"<text class=\"x\" x=\"{(Left + Width - Right) / 2:F1}\" y=\"{Height - 2}\">epoch</text>\n"));
        foreach (var line in lines)
            Line(line, X, Y, svg);
        return svg.Append("</svg>").ToString();
    }

    private static void Line(ChartSeries line, Func<double, double> x, Func<double, double> y, StringBuilder svg)
    {
        var path = string.Join(' ', line.Points.Select(point => Text($"{x(point.X):F1},{y(point.Y):F1}")));
        svg.Append(Text($"<polyline class=\"line {line.Style}\" points=\"{path}\"/>\n"));
        foreach (var point in line.Points)
        {
            var style = point.Hollow ? $"{line.Style} hollow" : line.Style;
            svg.Append(Text($"<circle class=\"dot {style}\" cx=\"{x(point.X):F1}\" cy=\"{y(point.Y):F1}\" r=\"4\">"));
            svg.Append("<title>").Append(WebUtility.HtmlEncode(point.Label)).Append("</title></circle>\n");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
