using Mimir.Train.Checkpoints;

namespace Mimir.Train.Tests.Checkpoints;

public sealed class CheckpointNameTests
{
    private static readonly CheckpointName[] Present = [new(2, 0), new(1, 900), new(3, 5), new(2, 40)];

    [Theory]
    [InlineData(1, "001-000900 002-000000 002-000040")]
    [InlineData(2, "001-000900 002-000000")]
    [InlineData(4, "")]
    [InlineData(9, "")]
    [InlineData(0, "001-000900 002-000000 002-000040")]
    public void Expired_are_all_but_the_newest(int keep, string expected)
    {
        Assert.Equal(expected, string.Join(' ', CheckpointName.Expired(Present, keep)));
    }

    [Theory]
    [InlineData("002-000512", true)]
    [InlineData("1000-1234567", true)]
    [InlineData("2-512", false)]
    [InlineData(".002-000512.tmp", false)]
    [InlineData("002--00512", false)]
    [InlineData("final", false)]
    public void TryParse_knows_its_own_names(string folder, bool expected)
    {
        Assert.Equal(expected, CheckpointName.TryParse(folder, out var name));
        Assert.Equal(expected ? folder : new CheckpointName(0, 0).ToString(), name.ToString());
    }
}
