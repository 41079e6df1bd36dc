using Mimir.Base;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

public sealed class DropoutScheduleTests
{
    // Most are the checks of Kaldi's dropout_schedule.py.
    [Theory]
    [InlineData("*=0.0,0.5,0.0 lstm.*=0.0,0.3@0.75,0.0", "a", 0.75, 0.25)]
    [InlineData("*=0.0,0.5,0.0 lstm.*=0.0,0.3@0.75,0.0", "lstm.b", 0.75, 0.3)]
    [InlineData("*=0.0,0.5,0.0 lstm.*=0.0,0.3@0.75,0.0", "lstm.b", 0.5, 0.2)]
    [InlineData("*=0.0,0.5,0.0 lstm.*=0.0,0.3@0.75,0.0", "lstm.b", 0.25, 0.1)]
    [InlineData("0.0,0.3,0.0", "a", 0.5, 0.3)]
    [InlineData("0.0,0.3,0.0", "a", 0, 0)]
    [InlineData("0.0,0.3,0.0", "a", 1, 0)]
    [InlineData("0.0,0.3,0.0", "a", 0.25, 0.15)]
    [InlineData("0.0,0.5@0.25,0.0,0.6@0.75,0.0", "a", 0.1, 0.2)]
    [InlineData("0.0,0.5@0.25,0.0,0.6@0.75,0.0", "a", 0.625, 0.3)]
    [InlineData("0,0@0.20,0.5@0.50,0", "a", 0.2, 0)]
    [InlineData("0,0@0.20,0.5@0.50,0", "a", 0.35, 0.25)]
    [InlineData("0,0.4@0.5,0.1@0.5,0.1", "a", 0.5, 0.1)]
    public void Rates_lie_on_the_lines_between_their_points(string text, string node, double share, double expected) =>
        Assert.Equal(expected, DropoutSchedule.Parse(text).RateOf(node, share) ?? -1, 1e-9);

    [Fact]
    public void A_node_that_no_pattern_fits_has_no_rate() =>
        Assert.Null(DropoutSchedule.Parse("lstm*=0.0,0.3").RateOf("affine1.dropout", 0.5));

    [Theory]
    [InlineData("0.3", "first and the last")]
    [InlineData("", "got none")]
    [InlineData("0,1,0", "below 1")]
    [InlineData("0,0.5@0.6,0.5@0.4,0", "rise")]
    [InlineData("0,0.5@1.5,0", "rise")]
    [InlineData("0@0.5,0.5", "between")]
    [InlineData("0,x,0", "a number")]
    [InlineData("a=b=0,0", "pattern=rates")]
    public void What_is_no_schedule_is_refused(string text, string words) =>
        Assert.Contains(words, Assert.Throws<InputException>(() => DropoutSchedule.Parse(text)).Message, StringComparison.Ordinal);
}
