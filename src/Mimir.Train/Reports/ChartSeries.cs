namespace Mimir.Train.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
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
/// <param name="Hollow">True for a ring, which marks a rejected epoch.</param>
public readonly record struct ChartPoint(double X, double Y, string Label, bool Hollow = false);
