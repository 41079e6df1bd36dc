using Mimir.Dist.Data;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Data;

public sealed class StallMeterTests
{
    [Fact]
    public void Percent_is_the_wait_over_the_time_since_the_last_line()
    {
        var time = new ManualTime();
        var meter = new StallMeter(time);

        time.Advance(TimeSpan.FromSeconds(6));
        using (meter.Measure())
            time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((TimeSpan.FromSeconds(2), 25), meter.Restart());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((TimeSpan.Zero, 0), meter.Restart());
    }
}
