using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class ChartKeysTests
{
    [Fact]
    public void Place_keeps_the_order_of_lines_and_lets_no_names_touch()
    {
        var ends = Enumerable.Range(0, 12).Select(index => (500.0, 100 + 0.5 * ((index * 5) % 12))).ToList();

        var places = ChartKeys.Place(ends, 10, 230);

        var order = Enumerable.Range(0, 12).OrderBy(index => ends[index].Item2).Select(index => places[index].Y).ToList();
        Assert.All(order.Zip(order.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14.99));
        Assert.InRange(order[0], 10, 230);
        Assert.InRange(order[^1], 10, 230);
    }

    [Fact]
    public void Place_leaves_names_at_their_lines_where_there_is_room()
    {
        var places = ChartKeys.Place([(100, 50), (110, 90), (400, 50), (400, 500)], 10, 230);

        Assert.Equal([(107, 50), (117, 90), (407, 50), (407, 230)], places);
    }

    [Fact]
    public void Place_moves_more_names_than_fit_closer_together()
    {
        var places = ChartKeys.Place([.. Enumerable.Range(0, 30).Select(index => (0.0, 100.0 + index))], 10, 230);

        Assert.All(places, place => Assert.InRange(place.Y, 10, 230.001));
        Assert.Equal(30, places.Select(place => Math.Round(place.Y, 3)).Distinct().Count());
    }
}
