namespace Mimir.Train.Reports;

/// <summary>Chooses round numbers for the axes of charts.</summary>
internal static class ChartAxis
{
    private const int Steps = 5;

    /// <summary>About five round numbers that reach from below the least to above the greatest value.</summary>
    public static IReadOnlyList<double> Ticks(double least, double greatest)
    {
        var span = greatest > least ? greatest - least : Math.Max(Math.Abs(least) * 0.1, 1e-6);
        var step = RoundStep(span / Steps);
        var start = Math.Floor(least / step);
        var count = Math.Max(1, (int)Math.Ceiling(greatest / step - start - 1e-9));
        return [.. Enumerable.Range(0, count + 1).Select(index => (start + index) * step)];
    }

    /// <summary>Powers of ten, and 2 and 5 times them where there is room, from just below to just above the values.</summary>
    public static IReadOnlyList<double> LogarithmicTicks(double least, double greatest)
    {
        const double Room = 200;
        var from = (int)Math.Floor(Math.Log10(least) + 1e-9);
        var to = Math.Max(from + 1, (int)Math.Ceiling(Math.Log10(greatest) - 1e-9));
        double[] factors = greatest / least <= Room ? [1, 2, 5] : [1];
        var ticks = Enumerable.Range(from, to - from)
            .SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power)))
            .Append(Math.Pow(10, to))
            .ToList();
        var first = Math.Max(0, ticks.FindLastIndex(tick => tick <= least * (1 + 1e-9)));
        var last = ticks.FindIndex(first + 1, tick => tick >= greatest * (1 - 1e-9));
        return ticks[first..(last + 1)];
    }

    /// <summary>At most about ten whole numbers from the first to the last.</summary>
    public static IEnumerable<int> WholeTicks(int first, int last)
    {
        var step = Math.Max(1, (int)RoundStep((last - first) / 10.0));
        for (var tick = (first + step - 1) / step * step; tick <= last; tick += step)
            yield return tick;
    }

    /// <summary>The least of 1, 2, 5 times a power of ten that is not below a number.</summary>
    private static double RoundStep(double rough)
    {
        if (rough <= 0)
            return 1;

        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var factor = rough / power;
        return power * (factor <= 1.0000001 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }
}
