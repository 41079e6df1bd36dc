using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class EpochQueueTests
{
    [Fact]
    public void Take_gives_what_was_asked_for_and_begins_the_next_up_to_the_last()
    {
        var made = new ConcurrentQueue<int>();
        using (var queue = new EpochQueue((epoch, _) => Made(made, epoch), last: 4))
        {
            queue.Begin(2);
            Assert.Equal(2, queue.Get(2, default).Lengths[0]);
            Assert.Equal(3, queue.Get(3, default).Lengths[0]);
            Assert.Equal(1, queue.Get(1, default).Lengths[0]);
            Assert.Equal(4, queue.Get(4, default).Lengths[0]);
        }

        Assert.Equal([2, 3, 4, 1, 2, 4], made);
    }

    [Fact]
    public void Take_gives_the_failure_itself_and_a_stop_ends_the_work()
    {
        using var failing = new EpochQueue((_, _) => throw new InputException("bad audio"), null);
        using var stop = new CancellationTokenSource();
        var slow = new EpochQueue((_, cancellation) => throw Waited(cancellation), null);

        Assert.Equal("bad audio", Assert.Throws<InputException>(() => failing.Get(1, default)).Message);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => slow.Get(1, stop.Token));
        slow.Dispose();
    }

    private static EpochFrames Made(ConcurrentQueue<int> made, int epoch)
    {
        made.Enqueue(epoch);
        return new EpochFrames([], [epoch], null, TimeSpan.Zero);
    }

    private static OperationCanceledException Waited(CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne();
        return new OperationCanceledException(cancellation);
    }
}
