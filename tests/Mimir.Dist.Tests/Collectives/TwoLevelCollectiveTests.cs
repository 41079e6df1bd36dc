using Mimir.Dist.Collectives;

namespace Mimir.Dist.Tests.Collectives;

public sealed class TwoLevelCollectiveTests
{
    [Theory]
    [InlineData("aabb", "TwoLevelCollective")]
    [InlineData("abab", "TwoLevelCollective")]
    [InlineData("aaab", "TwoLevelCollective")]
    [InlineData("abbcccc", "TwoLevelCollective")]
    [InlineData("abc", "RingCollective")]
    [InlineData("aa", "SharedMemoryCollective")]
    [InlineData("a", "RingCollective")]
    public void Create_chooses_by_machine_and_every_operation_gives_the_plain_sum(string machines, string expected) => CollectiveChecks.On(
        "in process",
        machines.Length,
        transport =>
        {
            var collective = CollectiveFactory.Create(transport, machine: machines[transport.Rank].ToString());
            Assert.Equal(expected, collective.GetType().Name);
            return collective;
        },
        0,
        3,
        1001);

    [Fact]
    public void AllReduceSum_in_many_pieces_gives_the_plain_sum() => CollectiveChecks.On(
        "in process",
        5,
        transport =>
        {
            var group = WorkerGroup.All(5);
            var map = MachineMap.Discover(transport, group, transport.Rank < 3 ? "a" : "b");
            return new TwoLevelCollective(transport, group, map, channel: 0, new SharedMemoryOptions { PartFloats = 10 }, piece: 64);
        },
        1001);
}
