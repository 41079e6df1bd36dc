namespace Mimir.Train.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">The classes that give it its colour and its dashes: <c>a</c>, <c>b</c>, or <c>s3 d1</c>.</param>
/// <param name="Points">Its points from left to right; values that are no number are left out.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>A short name that stands at the end of the line.</summary>
    public string Key { get; init; } = "";
}

/// <summary>A point of a line.</summary>
/// <param name="X">The epoch, or the time.</param>
/// <param name="Y">The value.</param>
/// <param name="Label">What a pointer over it shows.</param>
/// <param name="Hollow">Whether it is drawn as a ring: a rejected epoch.</param>
internal readonly record struct ChartPoint(double X, double Y, string Label, bool Hollow = false);
