using Mimir.Dist.Costs;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;
using Mimir.Lab.Emulation;

namespace Mimir.Lab.Tests.Emulation;

public sealed class EpochTimelineTests
{
    [Fact]
    public void One_worker_has_no_exchange()
    {
        var time = Of(Clusters.Of(4, 2), null, Clusters.Frames(1, 5, 300), 400_000, validation: 3000);

        Assert.Equal(1.5, time.Seconds, 1e-12);
        Assert.Equal(1.5, time.ComputeSeconds, 1e-12);
        Assert.Equal(0, time.ExchangeSeconds);
        Assert.Equal(0, time.WaitingPercent);
        Assert.Equal(1, time.ValidationSeconds, 1e-12);
        Assert.Equal(5, time.Steps);
    }

    [Fact]
    public void Sync_hides_all_but_the_last_bucket_behind_a_long_backward_pass()
    {
        var cluster = Clusters.Of(1, 2);
        cluster = cluster with { Inside = cluster.Inside with { Latency = 0 } };

        // 4 buckets of 30,000 bytes, each 0.03 s; the backward pass of a step of 3 s gives one every 0.5 s.
        var time = Of(cluster, new SyncOptions { BucketElements = 7_500 }, Clusters.Frames(2, 2, 3000), 120_000);

        Assert.Equal(2 * (3 + 0.03), time.Seconds, 1e-9);
        Assert.Equal(0.06, time.ExchangeSeconds, 1e-9);
        Assert.Equal(6, time.ComputeSeconds, 1e-9);
    }

    [Fact]
    public void Sync_hides_nothing_when_told_not_to_overlap()
    {
        var cluster = Clusters.Of(1, 2);
        cluster = cluster with { Inside = cluster.Inside with { Latency = 0, OccupiesDevice = true } };

        var told = Of(cluster, new SyncOptions { BucketElements = 7_500, Overlap = false }, Clusters.Frames(2, 2, 3000), 120_000);
        var cores = Of(cluster, new SyncOptions { BucketElements = 7_500 }, Clusters.Frames(2, 2, 3000), 120_000);

        Assert.Equal(2 * (3 + 0.12), told.Seconds, 1e-9);
        Assert.Equal(told, cores);
    }

    [Fact]
    public void Sync_of_a_long_exchange_begins_with_the_first_bucket()
    {
        var cluster = Clusters.Of(1, 2);
        cluster = cluster with { Inside = cluster.Inside with { Latency = 0 } };

        // 4 buckets, 1 s each; the first is ready after forward 1/3 and a quarter of backward 2/3 of 0.6 s, that is 0.3 s.
        var time = Of(cluster, new SyncOptions { BucketElements = 250_000 }, Clusters.Frames(2, 1, 600), 4_000_000);

        Assert.Equal(0.3 + 4, time.Seconds, 1e-9);
        Assert.Equal(3.7, time.ExchangeSeconds, 1e-9);
    }

    [Fact]
    public void Sync_waits_for_the_slowest_and_for_those_who_join_without_frames()
    {
        var time = Of(Clusters.Of(1, 2).Instant(), new SyncOptions(), [[1000, 1000, 1000], [2000]], 4000);

        Assert.Equal(2 + 1 + 1, time.Seconds, 1e-9);
        Assert.Equal(2.5, time.ComputeSeconds, 1e-9);
        Assert.Equal(0, time.ExchangeSeconds, 1e-9);
        Assert.Equal(100 * 1.5 / 4, time.WaitingPercent, 1e-6);
        Assert.Equal(3, time.Steps);
    }

    [Fact]
    public void Sync_calls_the_roll_at_the_begin_and_the_end_of_a_step()
    {
        var cluster = Clusters.Of(1, 3).Instant();
        cluster = cluster with { Inside = cluster.Inside with { Latency = 0.25 } };

        // Begin: hidden behind the backward pass of 2 s. The bucket: 4 latencies. The end: 2.
        var time = Of(cluster, new SyncOptions(), Clusters.Frames(3, 1, 3000), 4000);

        Assert.Equal(3 + 1 + 0.5, time.Seconds, 1e-9);
    }

    [Fact]
    public void Compression_sends_less()
    {
        var cluster = Clusters.Of(4, 2);

        double Seconds(GradientCompression compression) =>
            Of(cluster, new SyncOptions { Compression = compression }, Clusters.Frames(8, 1, 100), 4_000_000).Seconds;

        Assert.True(Seconds(GradientCompression.OneBit) < Seconds(GradientCompression.Half));
        Assert.True(Seconds(GradientCompression.OneBit) < Seconds(GradientCompression.None));
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 17)]
    public void Blocks_cost_a_roll_call_a_sum_and_passes(bool bmuf, int passes)
    {
        UpdateOptions mode = bmuf ? new BmufOptions { PeriodFrames = 1000 } : new ModelAveragingOptions { PeriodFrames = 1000 };

        // Blocks after steps 2 and 4 (1,200 frames each); step 5 is a block of its own at the end.
        var time = Of(Clusters.Of(1, 2), mode, Clusters.Frames(2, 5, 600), 400_000);

        var exchange = 0.001 + (2 * (0.001 + 0.2)) + (passes * 400_000 / 1e9);
        Assert.Equal(3, time.Blocks);
        Assert.Equal(3 * exchange, time.ExchangeSeconds, 1e-9);
        Assert.Equal(3 + (3 * exchange), time.Seconds, 1e-9);
        Assert.Equal(10, time.Steps);
    }

    [Fact]
    public void Blocks_that_end_evenly_end_with_a_roll_call()
    {
        var time = Of(Clusters.Of(1, 2), new ModelAveragingOptions { PeriodFrames = 1000 }, Clusters.Frames(2, 4, 500), 400_000);

        var exchange = 0.001 + (2 * (0.001 + 0.2)) + (7 * 400_000 / 1e9);
        Assert.Equal(2, time.Blocks);
        Assert.Equal(2 + (2 * exchange) + 0.001, time.Seconds, 1e-9);
    }

    [Fact]
    public void Who_has_ended_joins_the_blocks_of_the_others()
    {
        var time = Of(Clusters.Of(1, 2).Instant(), new ModelAveragingOptions { PeriodFrames = 1000 }, [[1000, 1000, 400], [500]], 4000);

        // The second worker comes to the first block with its 500 frames, and waits from then on.
        Assert.Equal(3, time.Blocks);
        Assert.Equal(2.4, time.Seconds, 1e-9);
        Assert.Equal((2.4 + 0.5) / 2, time.ComputeSeconds, 1e-9);
    }

    [Fact]
    public void Two_tier_sums_inside_and_meets_across()
    {
        var cluster = Clusters.Of(2, 2);
        var mode = new TwoTierOptions { Inside = new() { Overlap = false }, Across = new() { PeriodFrames = 2000 } };

        // A machine's step has 1,000 frames: 0.5 s, gradients 2 (0.001 + 0.2), two roll calls of 0.001. Two steps are a block.
        var time = Of(cluster, mode, Clusters.Frames(4, 4, 500), 400_000);

        var step = 0.5 + 0.402 + 0.002;
        var block = 0.011 + (4.02 + 0.401) + (17 * 400_000 / 1e9);
        Assert.Equal(2, time.Blocks);
        Assert.Equal(8, time.Steps);
        Assert.Equal((4 * step) + (2 * block) + 0.011, time.Seconds, 1e-9);
        Assert.Equal(2, time.ComputeSeconds, 1e-9);
    }

    [Fact]
    public void Two_tier_on_one_machine_is_sync()
    {
        var frames = Clusters.Frames(2, 4, 500);

        Assert.Equal(
            Of(Clusters.Of(2, 2), new SyncOptions(), frames, 400_000), Of(Clusters.Of(2, 2), new TwoTierOptions(), frames, 400_000));
    }

    [Fact]
    public void Asynchronous_workers_that_are_alike_are_overtaken_by_all_others()
    {
        var time = Of(Clusters.Of(1, 4).Instant(), new AsgdOptions(), Clusters.Frames(4, 100, 100), 4000);

        Assert.Equal(400, time.Blocks);
        Assert.Equal(3, time.MaxStaleness);

        // All begin with the first model: the first pushes are overtaken by 0, 1, 2 and 3.
        Assert.Equal(((396 * 3) + 0 + 1 + 2 + 3) / 400.0, time.MeanStaleness!.Value, 1e-12);
        Assert.Equal(10, time.Seconds, 1e-9);
    }

    [Fact]
    public void Asynchronous_workers_wait_for_who_is_too_far_behind()
    {
        var cluster = Clusters.Of(1, 2).Instant() with { Speeds = new Dictionary<int, double> { [1] = 0.1 } };

        var free = Of(cluster, new AsgdOptions { MaxStaleness = 100 }, [Repeat(100), Repeat(10)], 4000);
        var bound = Of(cluster, new AsgdOptions { MaxStaleness = 3 }, [Repeat(100), Repeat(10)], 4000);

        Assert.Equal(10, free.Seconds, 1e-9);
        Assert.InRange(free.MaxStaleness!.Value, 9, 11);
        Assert.Equal(3, bound.MaxStaleness);
        Assert.True(bound.Seconds > 15);
    }

    [Fact]
    public void Asynchronous_pushes_are_bound_by_the_servers_card()
    {
        // 100 kB take 1 s of the card; 3 of 4 workers are on other machines, a step is 0.1 s.
        var cluster = Clusters.Of(4, 1);
        cluster = cluster with { Across = cluster.Across with { Latency = 0 } };

        var time = Of(cluster, new AsgdOptions(), Clusters.Frames(4, 20, 100), 100_000);

        Assert.InRange(time.Seconds, 60, 66);
        Assert.True(time.WaitingPercent > 90);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void More_bandwidth_is_never_slower(UpdateOptions mode)
    {
        var cluster = Clusters.Of(2, 2) with { Jitter = 0.1 };
        var faster = cluster with { Inside = cluster.Inside with { Bandwidth = 1e7 }, Across = cluster.Across with { Bandwidth = 1e6 } };
        var frames = Clusters.Frames(4, 40, 100);

        var (slow, fast) = (Of(cluster, mode, frames, 40_000), Of(faster, mode, frames, 40_000));

        Assert.True(fast.Seconds < slow.Seconds);
        Assert.Equal(slow.ComputeSeconds, fast.ComputeSeconds);
        Assert.True(fast.ExchangeSeconds <= slow.ExchangeSeconds);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Free_links_and_equal_workers_make_speed_linear(UpdateOptions mode)
    {
        var time = Of(Clusters.Of(2, 2).Instant(), mode, Clusters.Frames(4, 50, 100), 40_000);

        Assert.Equal(5, time.Seconds, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_same_numbers_give_the_same_time(UpdateOptions mode)
    {
        var cluster = Clusters.Of(2, 2) with { Jitter = 0.1 };
        var frames = Clusters.Frames(4, 40, 100);

        Assert.Equal(Of(cluster, mode, frames, 40_000), Of(cluster, mode, frames, 40_000));
        Assert.NotEqual(Of(cluster, mode, frames, 40_000), Of(cluster, mode, frames, 40_000, seed: 2));
        Assert.NotEqual(Of(cluster, mode, frames, 40_000), Of(cluster, mode, frames, 40_000, firstStep: 40));
    }

    [Fact]
    public void Workers_without_a_mode_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Of(Clusters.Of(1, 2), null, Clusters.Frames(2, 1, 1), 4));
        Assert.Throws<ArgumentException>(() => Of(Clusters.Of(1, 2), new SyncOptions(), Clusters.Frames(3, 1, 1), 4));
    }

    public static TheoryData<UpdateOptions> Modes() => new(
        new SyncOptions(),
        new ModelAveragingOptions { PeriodFrames = 500 },
        new BmufOptions { PeriodFrames = 500 },
        new AsgdOptions(),
        new TwoTierOptions { Across = new() { PeriodFrames = 1000 } });

    private static int[] Repeat(int steps) => [.. Enumerable.Repeat(100, steps)];

    private static EpochTime Of(
        ClusterModel cluster, UpdateOptions? mode, int[][] frames, long bytes, long validation = 0, ulong seed = 1, long firstStep = 0) =>
        EpochTimeline.Of(cluster, new(cluster, seed), mode, frames, firstStep, bytes, validation, epoch: 1);
}
