namespace Mimir.Train.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">The class that gives it its colour: <c>a</c> or <c>b</c>.</param>
/// <param name="Points">Its points from left to right; values that are no number are left out.</param>
internal sealed record ChartSeries(string Name, string Style, IReadOnlyList<ChartPoint> Points);

/// <summary>A point of a line.</summary>
/// <param name="X">The epoch.</param>
/// <param name="Y">The value.</param>
/// <param name="Label">What a pointer over it shows.</param>
/// <param name="Hollow">Whether it is drawn as a ring: a rejected epoch.</param>
internal readonly record struct ChartPoint(int X, double Y, string Label, bool Hollow = false);
