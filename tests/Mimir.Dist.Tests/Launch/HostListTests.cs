using Mimir.Base;
using Mimir.Dist.Launch;

namespace Mimir.Dist.Tests.Launch;

public sealed class HostListTests
{
    [Fact]
    public void Parse_gives_ranks_in_the_order_of_the_hosts()
    {
        var slots = HostList.Parse("a:2, b,c:1");

        Assert.Equal([new("a", 0, 0, 2), new("a", 1, 1, 2), new("b", 2, 0, 1), new("c", 3, 0, 1)], slots);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:0")]
    [InlineData("a:x")]
    [InlineData("a:2,,b")]
    [InlineData("a:1,a:2")]
    [InlineData("-oProxyCommand=x:1")]
    public void Parse_of_something_else_says_what_is_expected(string text)
    {
        var error = Assert.Throws<InputException>(() => HostList.Parse(text));

        Assert.StartsWith("--hosts:", error.Message, StringComparison.Ordinal);
    }
}
