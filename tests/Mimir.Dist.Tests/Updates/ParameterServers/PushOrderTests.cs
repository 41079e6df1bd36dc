using Mimir.Dist.Costs;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Tests.Updates.ParameterServers;

public sealed class PushOrderTests
{
    private static readonly Func<int, bool> Always = _ => true;

    [Fact]
    public void TryNext_gives_pushes_by_their_times_whatever_the_order_of_the_calls()
    {
        var order = new PushOrder(Quick(3), 3);

        order.Push(2, 0.9, isEmpty: true);
        order.Push(0, 0.5, isEmpty: true);
        Assert.False(order.TryNext(Always, out _));
        order.Push(1, 0.7, isEmpty: true);

        Assert.Equal([0, 1, 2], Take(order, 3));
    }

    [Fact]
    public void TryNext_waits_for_who_may_still_come_first()
    {
        var order = new PushOrder(Quick(2), 2);
        order.Push(0, 0.5, isEmpty: true);

        order.Computes(1, 0.4);
        Assert.False(order.TryNext(Always, out _));
        order.Computes(1, 0.6);

        Assert.True(order.TryNext(Always, out var push));
        Assert.Equal(0, push.Worker);
    }

    [Fact]
    public void TryNext_takes_the_lower_rank_at_the_same_time()
    {
        var order = new PushOrder(Quick(3), 3);
        order.Push(1, 0.5, isEmpty: true);
        order.Computes(2, 0.5);

        order.Computes(0, 0.5);
        Assert.False(order.TryNext(Always, out _));
        order.Push(0, 0.5, isEmpty: true);

        Assert.Equal([0, 1], Take(order, 2));
    }

    [Fact]
    public void TryNext_holds_a_push_until_it_is_admitted_and_gives_it_then_before_later_ones()
    {
        var order = new PushOrder(Quick(3), 3);
        for (var worker = 0; worker < 3; worker++)
            order.Push(worker, 1 + worker, isEmpty: true);
        var served = new List<int>();

        // Worker 0 waits for worker 1.
        while (order.TryNext(worker => worker != 0 || served.Contains(1), out var push))
            served.Add(push.Worker);

        Assert.Equal([1, 0, 2], served);
    }

    [Fact]
    public void TryNext_makes_a_push_with_a_vector_later_than_an_empty_one()
    {
        var order = new PushOrder(Quick(2), 2);
        order.Push(0, 1, isEmpty: false);
        order.Push(1, 1, isEmpty: true);

        Assert.True(order.TryNext(Always, out var empty));
        Assert.True(order.TryNext(Always, out var full));

        Assert.Equal((1, 1.0), empty);
        Assert.Equal(0, full.Worker);
        Assert.True(full.Applied > 1);
    }

    private static List<int> Take(PushOrder order, int count)
    {
        var workers = new List<int>();
        for (var i = 0; i < count; i++)
        {
            Assert.True(order.TryNext(Always, out var push));
            workers.Add(push.Worker);
        }

        return workers;
    }

    private static ServerTimeline Quick(int workers) => new(
        new ClusterModel
        {
            Name = "test",
            Machines = 1,
            DevicesPerMachine = workers,
            Device = new DeviceModel { FramesPerSecond = 1000, MemoryBandwidth = 1e9 },
            Inside = new LinkModel { Latency = 1e-6, Bandwidth = 1e9 },
            Across = new LinkModel { Latency = 1e-6, Bandwidth = 1e9 },
        },
        workers,
        modelBytes: 1_000_000);
}
