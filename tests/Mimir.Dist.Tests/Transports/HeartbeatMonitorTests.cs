using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Transports;

public sealed class HeartbeatMonitorTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Look_names_who_was_silent_for_too_long()
    {
        var watch = new HeartbeatMonitor(3, TimeSpan.FromSeconds(6), _time);

        for (var second = 0; second < 7; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            watch.Record(1);
            if (second < 6)
                Assert.Empty(watch.FindSilent([1, 2]));
        }

        Assert.Equal(2, Assert.Single(watch.FindSilent([1, 2])).Peer);
    }

    [Fact]
    public void Look_blames_nobody_after_this_process_itself_stood_still()
    {
        var watch = new HeartbeatMonitor(2, TimeSpan.FromSeconds(6), _time);
        watch.FindSilent([1]);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(watch.FindSilent([1]));
    }
}
