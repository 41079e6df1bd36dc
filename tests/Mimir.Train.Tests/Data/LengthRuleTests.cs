using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class LengthRuleTests
{
    [Fact]
    public void CommonLength_of_three_looks_at_the_shortest_and_the_longest()
    {
        Assert.Equal(98, LengthRule.CommonLength(5, 100, 98, 102));
        Assert.Null(LengthRule.CommonLength(5, 100, 98, 103));
    }

    [Theory]
    [InlineData(100, 100, 5, 100)]
    [InlineData(100, 104, 5, 100)]
    [InlineData(104, 100, 5, 100)]
    [InlineData(100, 105, 5, null)]
    [InlineData(105, 100, 5, null)]
    [InlineData(100, 100, 0, 100)]
    [InlineData(100, 101, 0, null)]
    public void CommonLength_cuts_small_differences_and_refuses_others(int features, int alignment, int tolerance, int? expected)
    {
        Assert.Equal(expected, LengthRule.CommonLength(tolerance, features, alignment));
    }
}
