using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class ChartAxisTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.123, 0.129)]
    [InlineData(-5, 17.5)]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    [InlineData(1e9, 3e9)]
    public void Ticks_enclose_the_values_and_are_few(double least, double greatest)
    {
        var ticks = ChartAxis.Ticks(least, greatest);

        Assert.InRange(ticks.Count, 2, 9);
        Assert.True(ticks[0] <= least + 1e-9 * Math.Abs(least) && ticks[^1] >= greatest - 1e-9 * Math.Abs(greatest));
    }

    [Theory]
    [InlineData(0.008, 0.008)]
    [InlineData(1e-6, 0.008)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 11)]
    [InlineData(2, 400)]
    public void LogarithmicTicks_enclose_the_values(double least, double greatest)
    {
        var ticks = ChartAxis.LogarithmicTicks(least, greatest);

        Assert.InRange(ticks.Count, 2, 9);
        Assert.True(ticks[0] <= least && ticks[^1] >= greatest);
        Assert.Equal(ticks.Order(), ticks);
        Assert.True(ticks.Count == 2 || (ticks[1] > least && ticks[^2] < greatest));
    }

    [Fact]
    public void WholeTicks_of_many_epochs_are_about_ten()
    {
        Assert.Equal([0, 5, 10, 15, 20, 25, 30, 35, 40, 45], ChartAxis.WholeTicks(0, 48));
        Assert.Equal([1, 2, 3], ChartAxis.WholeTicks(1, 3));
    }
}
