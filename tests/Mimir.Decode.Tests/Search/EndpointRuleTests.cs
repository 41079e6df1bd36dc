using Mimir.Base;
using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class EndpointRuleTests
{
    private const float Never = float.PositiveInfinity;

    [Theory]
    [InlineData(499, 499, Never, -1)]
    [InlineData(500, 500, Never, 0)]
    [InlineData(50, 50, 0, -1)]
    [InlineData(51, 50, 2, 1)]
    [InlineData(51, 50, 2.1f, -1)]
    [InlineData(101, 99, 8, -1)]
    [InlineData(101, 100, 8, 2)]
    [InlineData(201, 200, 8.1f, 3)]
    [InlineData(201, 199, Never, -1)]
    [InlineData(2000, 0, Never, 4)]
    public void FirstRule_follows_kaldis_defaults(int frames, int silence, float relativeCost, int rule) =>
        Assert.Equal(rule, new EndpointOptions().FirstRule(frames, silence, relativeCost));

    [Fact]
    public void Check_names_an_option_out_of_range()
    {
        var options = new EndpointOptions { Rules = [new EndpointRule { MinTrailingSilence = -1 }] };

        var failure = Assert.Throws<InputException>(options.Check);

        Assert.Contains("min-trailing-silence", failure.Message, StringComparison.Ordinal);
    }
}
