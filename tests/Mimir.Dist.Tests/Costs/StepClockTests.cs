using Mimir.Dist.Costs;

namespace Mimir.Dist.Tests.Costs;

public sealed class StepClockTests
{
    [Fact]
    public void Without_jitter_a_step_is_overhead_and_frames()
    {
        var cluster = Clusters.Of(1, 2);
        cluster = cluster with { Device = cluster.Device with { StepOverhead = 0.5 }, Speeds = new Dictionary<int, double> { [1] = 0.5 } };
        var clock = new StepClock(cluster, 1);

        Assert.Equal(0.7, clock.StepSeconds(0, 0, 200), 1e-12);
        Assert.Equal(1.4, clock.StepSeconds(1, 0, 200), 1e-12);
        Assert.Equal(0, clock.StepSeconds(0, 0, 0));
        Assert.Equal(0.1, clock.ValidationSeconds(0, 300), 1e-12);
    }

    [Fact]
    public void Jitter_has_its_mean_and_deviation_and_depends_on_nothing_but_its_arguments()
    {
        var clock = new StepClock(Clusters.Of(1, 2) with { Jitter = 0.1 }, 7);
        var times = Enumerable.Range(0, 20_000).Select(step => clock.StepSeconds(0, step, 1000)).ToArray();
        var mean = times.Average();
        var logs = times.Select(time => Math.Log(time)).ToArray();
        var deviation = Math.Sqrt(logs.Average(log => Math.Pow(log - logs.Average(), 2)));

        Assert.InRange(mean, 0.997, 1.003);
        Assert.InRange(deviation, 0.098, 0.102);
        Assert.Equal(times[17], new StepClock(Clusters.Of(1, 2) with { Jitter = 0.1 }, 7).StepSeconds(0, 17, 1000));
        Assert.NotEqual(times[17], clock.StepSeconds(1, 17, 1000));
        Assert.NotEqual(times[17], new StepClock(Clusters.Of(1, 2) with { Jitter = 0.1 }, 8).StepSeconds(0, 17, 1000));
    }
}
