using Mimir.Base;

namespace Mimir.Config.Tests;

public sealed class NearestKeyTests
{
    private static readonly string[] Known = ["rate", "momentum", "l2", "l1", "max-gradient"];

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("rate", "rate", 0)]
    [InlineData("raet", "rate", 1)]
    [InlineData("rte", "rate", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void Distance_counts_inserted_deleted_replaced_and_swapped_letters(string left, string right, int expected)
    {
        Assert.Equal(expected, Spelling.Distance(left, right));
        Assert.Equal(expected, Spelling.Distance(right, left));
    }

    [Theory]
    [InlineData("momentun", "momentum")]
    [InlineData("learning-rate", "rate")]
    [InlineData("MAX_GRADIENT", "max-gradient")]
    [InlineData("max-grad", "max-gradient")]
    [InlineData("epochs", null)]
    public void Find_gives_the_key_that_was_meant(string unknown, string? expected)
    {
        Assert.Equal(expected, NearestKey.Find(unknown, Known));
    }
}
