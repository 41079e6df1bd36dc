using Mimir.Base;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Lab.Emulation;

namespace Mimir.Lab.Tests.Emulation;

public sealed class ScalingPlanTests
{
    private static readonly PlanOptions Options = new() { Frames = 1_000_000, ModelBytes = 40_000, Batch = 100 };

    public static TheoryData<UpdateOptions> Modes() => EpochTimelineTests.Modes();

    [Theory]
    [MemberData(nameof(Modes))]
    public void Speed_is_linear_where_links_are_free(UpdateOptions mode)
    {
        var plan = new ScalingPlan(Clusters.Of(2, 2).Instant(), Options);

        foreach (var workers in new[] { 1, 2, 4, 20 })
        {
            var row = plan.Row(mode, workers);

            Assert.InRange(row.SpeedUp, 0.995 * workers, 1.005 * workers);
            Assert.Equal(1_000 / row.SpeedUp, row.Seconds, 1e-6);
            Assert.Equal((workers + 1) / 2, row.Machines);
        }
    }

    [Fact]
    public void What_is_not_simulated_is_like_what_is()
    {
        var cluster = Clusters.Of(2, 2);
        var mode = new ModelAveragingOptions { PeriodFrames = 1000 };

        // 250,000 frames of each worker are 250 blocks of 1 s; the last roll call finds nothing to sum.
        var block = (CollectiveCost.AllReduce(cluster, 4, 40_000) + CollectiveCost.Numbers(cluster, 4)) + (7 * 40_000 / 1e9);
        var row = new ScalingPlan(cluster, Options).Row(mode, 4);
        var longer = new ScalingPlan(cluster, Options with { Frames = 400_000_000 }).Row(mode, 4);

        Assert.Equal(250 * (1 + block), row.Seconds, 0.1);
        Assert.Equal(100_000 * (1 + block), longer.Seconds, 0.1);
        Assert.Equal(row.SpeedUp, longer.SpeedUp, 0.01);
    }

    [Fact]
    public void Sync_shares_a_batch_or_gives_each_worker_one()
    {
        var cluster = Clusters.Of(2, 2);

        var shared = new ScalingPlan(cluster, Options).Row(new SyncOptions(), 4);
        var own = new ScalingPlan(cluster, Options with { SyncBatchPerWorker = 100 }).Row(new SyncOptions(), 4);

        // 10,000 steps of 25 ms each, and 2,500 of 100 ms; each begins and ends with a roll call of 30 ms.
        Assert.True(shared.Seconds > 3 * own.Seconds);
    }

    [Fact]
    public void LimitOf_names_what_holds_workers_back()
    {
        var cluster = Clusters.Of(4, 2);
        var plan = new ScalingPlan(cluster, Options);

        Assert.Equal(PlanPart.Across, plan.LimitOf(new SyncOptions(), 8).Part);
        Assert.Equal(PlanPart.Across, plan.LimitOf(new AsgdOptions(), 8).Part);
        Assert.Equal(PlanPart.Computing, plan.LimitOf(new ModelAveragingOptions { PeriodFrames = 100_000 }, 8).Part);
        Assert.Equal(PlanPart.Inside, new ScalingPlan(cluster, Options with { ModelBytes = 400_000 }).LimitOf(new SyncOptions(), 2).Part);

        // A push is at least 4 passes of 0.4 s in the server's thread, a step 0.1 s.
        var memory = cluster.Instant() with { Device = cluster.Device with { MemoryBandwidth = 1e5 } };
        Assert.Equal(PlanPart.Memory, new ScalingPlan(memory, Options).LimitOf(new AsgdOptions(), 8).Part);
    }

    [Fact]
    public void The_limit_of_asgd_is_what_the_servers_card_carries()
    {
        var cluster = Clusters.Of(64, 1);

        // 40 kB at 100 kB/s: 2.5 pushes of 100 frames a second from all but worker 0, against 1,000 frames a second of one.
        var row = new ScalingPlan(cluster, Options).Row(new AsgdOptions(), 64);

        Assert.Equal(0.25 * 64 / 63, row.SpeedUp, 0.02);
    }

    [Fact]
    public void A_plan_is_the_same_again()
    {
        var cluster = Clusters.Of(4, 2) with { Jitter = 0.1 };

        Assert.Equal(
            new ScalingPlan(cluster, Options).Row(new AsgdOptions(), 8), new ScalingPlan(cluster, Options).Row(new AsgdOptions(), 8));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<InputException>(() => new ScalingPlan(Clusters.Of(1, 1), Options with { Frames = 0 }));
        Assert.Throws<InputException>(() => new ScalingPlan(Clusters.Of(1, 1), Options with { Batch = 0 }));
        Assert.Throws<InputException>(() => new ScalingPlan(Clusters.Of(1, 1), Options with { SyncBatchPerWorker = 0 }));
    }
}
