namespace Mimir.Train.Reports;

/// <summary>Places the short names at the ends of lines: none covers another, and they keep the order of the lines.</summary>
internal static class ChartKeys
{
    private const double Aside = 7;
    private const double Wide = 19;
    private const double High = 15;

    /// <summary>A place for each name: right of its line's end, as near to it as the others leave room.</summary>
    /// <param name="ends">The ends of the lines, in the units of the chart, y from the top down.</param>
    /// <param name="top">The least y.</param>
    /// <param name="bottom">The greatest y; more names than fit move closer together.</param>
    /// <returns>For each name its left end and the height of its middle.</returns>
    public static IReadOnlyList<(double X, double Y)> Place(IReadOnlyList<(double X, double Y)> ends, double top, double bottom)
    {
        var places = new (double X, double Y)[ends.Count];
        foreach (var column in Columns(ends))
        {
            var order = column.OrderBy(index => ends[index].Y).ThenBy(index => index).ToList();
            var high = Math.Min(High, (bottom - top) / Math.Max(1, order.Count - 1));
            var heights = Spread([.. order.Select(index => Math.Clamp(ends[index].Y, top, bottom))], high, top, bottom);
            for (var i = 0; i < order.Count; i++)
                places[order[i]] = (ends[order[i]].X + Aside, heights[i]);
        }

        return places;
    }

    /// <summary>Ends that lie beside each other, so that their names could touch.</summary>
    private static List<List<int>> Columns(IReadOnlyList<(double X, double Y)> ends)
    {
        var columns = new List<List<int>>();
        foreach (var index in Enumerable.Range(0, ends.Count).OrderBy(index => ends[index].X))
        {
            if (columns.Count > 0 && ends[index].X - ends[columns[^1][^1]].X < Wide)
                columns[^1].Add(index);
            else
                columns.Add([index]);
        }

        return columns;
    }

    // Names that would touch become a block, which lies where its names want to be in the mean.
    private static double[] Spread(double[] wishes, double high, double top, double bottom)
    {
        var blocks = new List<(double Sum, int Count)>();
        for (var i = 0; i < wishes.Length; i++)
        {
            blocks.Add((wishes[i], 1));
            while (blocks.Count > 1 && First(blocks[^2]) + blocks[^2].Count * high > First(blocks[^1]))
            {
                blocks[^2] = (blocks[^2].Sum + blocks[^1].Sum, blocks[^2].Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }
        }

        return [.. blocks.SelectMany(block => Enumerable.Range(0, block.Count).Select(place => First(block) + place * high))];

        double First((double Sum, int Count) block)
        {
            var length = (block.Count - 1) * high;
            return Math.Clamp(block.Sum / block.Count - length / 2, top, Math.Max(top, bottom - length));
        }
    }
}
