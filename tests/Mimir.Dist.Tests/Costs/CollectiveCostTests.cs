using Mimir.Dist.Costs;

namespace Mimir.Dist.Tests.Costs;

public sealed class CollectiveCostTests
{
    [Fact]
    public void AllReduce_of_one_machine_is_a_ring()
    {
        // 2 (n - 1) (a + b / n / B) = 6 (0.001 + 0.1)
        Assert.Equal(0.606, CollectiveCost.AllReduce(Clusters.Of(1, 4), 4, 400_000), 1e-12);
        Assert.Equal(0.402, CollectiveCost.AllReduce(Clusters.Of(1, 4), 2, 400_000), 1e-12);
    }

    [Fact]
    public void AllReduce_over_a_shared_link_takes_turns()
    {
        var cluster = Clusters.Of(1, 4);
        cluster = cluster with { Inside = cluster.Inside with { Shared = true } };

        Assert.Equal(6 * (0.001 + 0.4), CollectiveCost.AllReduce(cluster, 4, 400_000), 1e-12);
    }

    [Fact]
    public void AllReduce_of_machines_with_one_device_each_is_a_ring_across()
    {
        // 2 (0.01 + 200,000 / 100,000); one device has its card for itself, shared or not.
        Assert.Equal(2 * (0.01 + 2), CollectiveCost.AllReduce(Clusters.Of(2, 1), 2, 400_000), 1e-12);
    }

    [Fact]
    public void AllReduce_of_several_machines_goes_in_two_levels()
    {
        // Inside, two devices: 2 (0.001 + 0.2); across, two machines: 2 (0.01 + 2); broadcast at home: 0.001 + 0.4.
        Assert.Equal(0.402 + 4.02 + 0.401, CollectiveCost.AllReduce(Clusters.Of(2, 2), 4, 400_000), 1e-12);
    }

    [Fact]
    public void AllReduce_with_a_card_for_each_device_sends_parts_at_the_same_time()
    {
        var cluster = Clusters.Of(2, 2);
        cluster = cluster with { Across = cluster.Across with { Shared = false } };

        // Inside 2 (0.001 + 0.2); across, half the bytes on each card: 2 (0.01 + 1).
        Assert.Equal(0.402 + 2.02, CollectiveCost.AllReduce(cluster, 4, 400_000), 1e-12);
    }

    [Fact]
    public void AllReduce_in_two_levels_pays_latencies_for_every_piece()
    {
        var cluster = Clusters.Of(2, 2);
        const int piece = 4 << 20;

        Assert.Equal(
            3 * CollectiveCost.AllReduce(cluster, 4, piece), CollectiveCost.AllReduce(cluster, 4, 3 * piece), 1e-9);
    }

    [Fact]
    public void AllReduceOfMachines_sums_once_a_machine()
    {
        Assert.Equal(4.02 + 0.401, CollectiveCost.AllReduceOfMachines(Clusters.Of(2, 2), 4, 400_000), 1e-12);
        Assert.Equal(0, CollectiveCost.AllReduceOfMachines(Clusters.Of(2, 2), 2, 400_000));
    }

    [Fact]
    public void CompressedAllReduce_sends_parts_to_all_over_one_card()
    {
        // Parts of 1,000 bytes: across, two others for each of the two that share the card, 2 (0.01 + 2,000 / 100,000), twice;
        // six passes over 400,000 bytes of memory.
        var expected = 2 * 2 * (0.01 + 0.02) + 6 * 400_000 / 1e9;

        Assert.Equal(expected, CollectiveCost.CompressedAllReduce(Clusters.Of(2, 2), 4, 400_000, 4_000), 1e-12);
    }

    [Fact]
    public void RollCall_takes_a_round_of_the_slowest_latency()
    {
        Assert.Equal(0.003, CollectiveCost.Numbers(Clusters.Of(1, 4), 4), 1e-12);
        Assert.Equal(0.07, CollectiveCost.Numbers(Clusters.Of(2, 4), 8), 1e-12);
        Assert.Equal(0.013, CollectiveCost.NumbersOfMachines(Clusters.Of(2, 4), 8), 1e-12);
    }

    [Fact]
    public void One_worker_exchanges_nothing()
    {
        var cluster = Clusters.Of(4, 2);

        Assert.Equal(0, CollectiveCost.AllReduce(cluster, 1, 1000));
        Assert.Equal(0, CollectiveCost.CompressedAllReduce(cluster, 1, 1000, 10));
        Assert.Equal(0, CollectiveCost.Numbers(cluster, 1));
    }

    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(4, 1, true)]
    [InlineData(4, 2, true)]
    [InlineData(4, 2, false)]
    public void More_bandwidth_is_never_slower(int machines, int devices, bool shared)
    {
        var cluster = Clusters.Of(machines, devices);
        cluster = cluster with { Inside = cluster.Inside with { Shared = shared }, Across = cluster.Across with { Shared = shared } };
        var inside = cluster with { Inside = cluster.Inside with { Bandwidth = 2e6 } };
        var across = cluster with { Across = cluster.Across with { Bandwidth = 2e5 } };
        for (var workers = 1; workers <= cluster.Devices; workers++)
        {
            foreach (var bytes in new[] { 4L, 400_000, 10_000_000 })
            {
                var cost = CollectiveCost.AllReduce(cluster, workers, bytes);

                Assert.True(CollectiveCost.AllReduce(inside, workers, bytes) <= cost);
                Assert.True(CollectiveCost.AllReduce(across, workers, bytes) <= cost);
            }
        }
    }

    [Fact]
    public void More_workers_than_devices_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => CollectiveCost.AllReduce(Clusters.Of(1, 2), 3, 4));

        Assert.Contains("expected at most the cluster's 2 devices, got 3 workers", error.Message);
    }
}
