using Mimir.Base;
using Mimir.Dist.Costs;

namespace Mimir.Dist.Tests.Costs;

public sealed class ClusterModelTests
{
    [Fact]
    public void Workers_fill_machines_one_after_the_other()
    {
        var cluster = Clusters.Of(4, 2);

        Assert.Equal(8, cluster.Devices);
        Assert.Equal(1, cluster.MachinesOf(2));
        Assert.Equal(2, cluster.MachinesOf(3));
        Assert.Equal([0, 0, 1, 1, 2], Enumerable.Range(0, 5).Select(worker => cluster.MachineOf(worker)));
        Assert.Equal(5, cluster.With(9).Machines);
    }

    [Fact]
    public void At_replaces_the_rate_of_a_device_if_one_is_given()
    {
        var cluster = Clusters.Of(4, 2);

        Assert.Equal(cluster with { Device = cluster.Device with { FramesPerSecond = 77 } }, cluster.At(77));
        Assert.Same(cluster, cluster.At(null));
    }

    [Fact]
    public void Validate_names_what_is_out_of_range()
    {
        var cluster = Clusters.Of(4, 2);

        cluster.Validate();

        Refused(cluster with { Machines = 0 }, "at least 1 machine");
        Refused(cluster with { Jitter = -1 }, "a jitter");
        Refused(cluster with { Speeds = new Dictionary<int, double> { [8] = 1 } }, "the speed of a device from 0 to 7, got 8");
        Refused(cluster with { Device = cluster.Device with { FramesPerSecond = 0 } }, "a rate above 0");
        Refused(cluster with { Inside = cluster.Inside with { Bandwidth = double.NaN } }, "a bandwidth inside a machine above 0");
        Refused(cluster with { Across = cluster.Across with { Latency = -1 } }, "a latency across machines");
    }

    private static void Refused(ClusterModel cluster, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(cluster.Validate).Message);
}
