using Mimir.Dist.Costs;

namespace Mimir.Tests.Support;

/// <summary>Clusters whose times can be reckoned by hand: 1,000 frames a second, 1 MB/s inside, 100 kB/s across, no jitter.</summary>
internal static class Clusters
{
    public static ClusterModel Of(int machines, int devices) => new()
    {
        Name = "test",
        Machines = machines,
        DevicesPerMachine = devices,
        Device = new() { FramesPerSecond = 1000, MemoryBandwidth = 1e9 },
        Inside = new() { Latency = 0.001, Bandwidth = 1e6 },
        Across = new() { Latency = 0.01, Bandwidth = 1e5, Shared = true },
        Jitter = 0,
    };

    /// <summary>The same number of steps of the same frames for each worker.</summary>
    public static int[][] Frames(int workers, int steps, int frames) =>
        [.. Enumerable.Range(0, workers).Select(_ => Enumerable.Repeat(frames, steps).ToArray())];

    public static ClusterModel Instant(this ClusterModel cluster) => cluster with
    {
        Device = cluster.Device with { MemoryBandwidth = 1e30 },
        Inside = cluster.Inside with { Latency = 0, Bandwidth = 1e30 },
        Across = cluster.Across with { Latency = 0, Bandwidth = 1e30 },
    };
}
