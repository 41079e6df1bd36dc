using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Transports;

public sealed class TagTests
{
    [Theory]
    [InlineData(0, 5, false)]
    [InlineData(4, 5, true)]
    [InlineData(5, 5, false)]
    [InlineData(6, 5, false)]
    [InlineData(4095, 4096, true)]
    [InlineData(4096, 4097, true)]
    [InlineData(4097, 4096, false)]
    [InlineData(10_000, 10_001, true)]
    public void IsBefore_goes_by_the_generation_and_around(int generation, int present, bool before) =>
        Assert.Equal(before, new Tag(3, generation).IsBefore(present));

    [Fact]
    public void Value_keeps_channels_and_generations_apart()
    {
        var values = Enumerable.Range(0, 4096).SelectMany(g => Enumerable.Range(0, 3).Select(c => new Tag(c, g).Value)).ToHashSet();

        Assert.Equal(3 * 4096, values.Count);
        Assert.All(values, value => Assert.InRange(value, 0, (1 << 20) - 1));
    }
}
