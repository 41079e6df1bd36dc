using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Transports;

public sealed class InProcessTransportTests
{
    private static readonly Tag Tag = new(1);

    [Fact]
    public void A_worker_that_left_in_good_order_ends_only_waits_for_itself()
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromMilliseconds(50));
        transports[2].Dispose();

        Assert.Throws<PeerLostException>(() => transports[0].ReceiveMessage(2, Tag, 1));
        Assert.Throws<TimeoutException>(() => transports[0].ReceiveMessage(1, Tag, 1, WorkerGroup.All(3)));
    }

    [Fact]
    public void A_failed_worker_ends_the_waits_of_its_group_and_wakes_TakeAny()
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(20));
        var waiting = new Thread(() => Assert.Null(transports[1].TakeAny(Tag, TimeSpan.FromSeconds(20))));
        waiting.Start();

        transports[2].Fail();

        var error = Assert.Throws<PeerLostException>(() => transports[0].ReceiveMessage(1, Tag, 1, WorkerGroup.All(3)));
        Assert.Equal(2, error.Peer);
        transports[2].Restart();
        Assert.True(waiting.Join(TimeSpan.FromSeconds(10)));
        Assert.Equal([2], transports[0].Rejoining);
        Assert.True(transports[0].Readmit(2));
        Assert.Null(transports[0].LossOf(2));
    }

    [Fact]
    public void Conversations_that_several_workers_have_finished_are_forgotten()
    {
        var transports = InProcessTransport.Create(3, TimeSpan.FromSeconds(5));
        var tag = Tag.Of(WorkerGroup.All(3), 1);
        foreach (var peer in new[] { 1, 2 })
        {
            transports[peer].Send(0, tag, [(byte)peer]);
            Assert.Equal([(byte)peer], transports[0].ReceiveMessage(peer, tag, 1));
        }

        transports[0].DiscardBefore(2);

        Assert.Null(transports[0].TakeAny(tag, TimeSpan.Zero));
    }

    [Fact]
    public void Messages_of_earlier_formations_are_discarded_before_and_after_they_come()
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromMilliseconds(20));
        var (first, second) = (WorkerGroup.All(2), WorkerGroup.All(2).Without().With());
        transports[0].Send(1, Tag.Of(first, 1), [1]);
        transports[0].Send(1, Tag, [2]);

        transports[1].DiscardBefore(second.Generation);
        transports[0].Send(1, Tag.Of(first, 1), [3]);
        transports[0].Send(1, Tag.Of(second, 1), [4]);

        Assert.Throws<TimeoutException>(() => transports[1].ReceiveMessage(0, Tag.Of(first, 1), 1));
        Assert.Equal([2], transports[1].ReceiveMessage(0, Tag, 1));
        Assert.Equal([4], transports[1].ReceiveMessage(0, Tag.Of(second, 1), 1));
    }
}
