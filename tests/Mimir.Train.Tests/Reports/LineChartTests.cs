using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class LineChartTests
{
    [Fact]
    public void Draw_of_the_later_half_marks_where_a_line_goes_on_beyond_the_axis()
    {
        double[] values = [9, 2, 1.2, 1.1, 1.05, 1];
        var points = values.Select((value, index) => new ChartPoint(index + 1, value, $"epoch {index + 1}"));
        var series = new ChartSeries("cv", "a", [.. points]);

        var whole = LineChart.Draw(new() { Title = "loss" }, [series]);
        var cut = LineChart.Draw(new() { Title = "loss", LaterHalf = true }, [series]);

        Assert.DoesNotContain("class=\"cut", whole, StringComparison.Ordinal);
        Assert.Single(cut.Split("<polygon class=\"cut a\"").Skip(1));
        Assert.Contains("goes on to", cut, StringComparison.Ordinal);
    }
}
