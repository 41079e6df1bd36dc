using System.Globalization;
using System.IO.Enumeration;
using Mimir.Base;

namespace Mimir.Train.Recipes;

/// <summary>Dropout rates as functions of the share of the data that is done, in the syntax of nnet3's scripts. Pure.</summary>
/// <remarks>
/// <c>0,0@0.20,0.5@0.50,0</c> is 0 until a fifth of the data, rises in a line to 0.5 at half of them, and falls to 0 at the end. A
/// value in between without a place is at half. With patterns of node names, <c>*=0,0.3,0 lstm*=0,0.5,0</c>, the last one that fits
/// counts.
/// </remarks>
public sealed class DropoutSchedule
{
    private readonly List<(string Pattern, List<(double Share, double Rate)> Points)> _courses = [];

    private DropoutSchedule()
    {
    }

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InputException">It is not one; the message says where.</exception>
    public static DropoutSchedule Parse(string text)
    {
        var schedule = new DropoutSchedule();
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var named = part.Split('=');
            if (named.Length > 2)
                throw new InputException($"expected pattern=rates, got '{part}'");
            schedule._courses.Add((named.Length == 2 ? named[0] : "*", Points(named[^1])));
        }

        return schedule._courses.Count > 0 ? schedule : throw new InputException("expected rates such as 0,0@0.20,0.5@0.50,0, got none");
    }

    /// <summary>The rate of a node; null where no pattern fits its name.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="share">The share of the data that is done, from 0 to 1.</param>
    public double? RateOf(string node, double share)
    {
        foreach (var (pattern, points) in Enumerable.Reverse(_courses))
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, node, ignoreCase: false))
                return Between(points, share);
        }

        return null;
    }

    private static List<(double Share, double Rate)> Points(string text)
    {
        var parts = text.Split(',');
        if (parts.Length < 2)
            throw new InputException($"expected at least the first and the last rate, got '{text}'");

        var points = new List<(double Share, double Rate)>();
        foreach (var (i, part) in parts.Index())
        {
            var pair = part.Split('@');
            var share = i == 0 ? 0 : i == parts.Length - 1 ? 1 : pair.Length == 2 ? Number(pair[1], part) : 0.5;
            var rate = Number(pair[0], part);
            if (pair.Length > 2 || (pair.Length == 2 && (i == 0 || i == parts.Length - 1)))
                throw new InputException($"expected a rate, or rate@share between the first and the last one, got '{part}'");
            if (!(rate >= 0 && rate < 1))
                throw new InputException($"expected a rate from 0 to below 1, got '{part}'");
            if (!(share >= (i == 0 ? 0 : points[^1].Share) && share <= 1))
                throw new InputException($"expected shares that rise from 0 to 1, got '{part}' in '{text}'");
            points.Add((share, rate));
        }

        return points;
    }

    private static double Between(List<(double Share, double Rate)> points, double share)
    {
        // Where two points have one place, the later one counts from there on.
        var after = points.FindIndex(point => point.Share > share);
        if (after < 0)
            return points[^1].Rate;

        var (low, high) = (points[after - 1], points[after]);
        return low.Rate + ((high.Rate - low.Rate) * (share - low.Share) / (high.Share - low.Share));
    }

    private static double Number(string text, string part) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputException($"expected a number, got '{part}'");
}
