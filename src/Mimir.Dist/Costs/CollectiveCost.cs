namespace Mimir.Dist.Costs;

/// <summary>The seconds of collectives of a cluster's first workers; 0 for one worker.</summary>
/// <remarks>
/// <para>A ring of n with a link of latency a and bandwidth B passes b bytes in (n - 1) (a + b / (n B)) for a reduce-scatter or an
/// all-gather, twice that for a sum; where the n use one link in turns, B is B / n. One machine has such a ring, which is also
/// what sums through shared memory move.</para>
/// <para>Several machines sum in two levels, as <see cref="Collectives.TwoLevelCollective"/> does: a reduction to the first
/// worker of each machine, a ring of the first workers, a broadcast inside the machines, one after the other for each 4 MiB. Where
/// each device has a network card of its own, they sum as NCCL does there: a reduce-scatter inside the machines, a ring of each part over
/// its own cards, an all-gather inside the machines.</para>
/// <para>Limits: links have no other traffic and no losses, a switch is never the bottleneck, all members start at the same time,
/// and the additions cost nothing beside the bytes.</para>
/// </remarks>
public static class CollectiveCost
{
    private const double Piece = 4 << 20;
    private const double Chunk = 256 << 10;

    // Encoding reads all elements twice, as contribution and as loss, and writes both; decoding reads and writes the sums.
    private const int CompressionPasses = 6;

    /// <summary>A sum that all members get.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="workers">The number of workers: the first of the cluster.</param>
    /// <param name="bytes">The bytes of the vector.</param>
    public static double AllReduce(ClusterModel cluster, int workers, long bytes)
    {
        var (machines, local) = Places(cluster, workers);
        if (machines == 1)
            return Ring(cluster.Inside, workers, bytes, rounds: 2);

        if (local == 1)
            return Ring(Card(cluster), machines, bytes, rounds: 2);

        if (!cluster.Across.Shared)
            return Ring(cluster.Inside, local, bytes, rounds: 2) + Ring(cluster.Across, machines, (double)bytes / local, rounds: 2);

        var pieces = Math.Floor(bytes / Piece);
        var rest = bytes - (pieces * Piece);
        return (pieces * TwoLevels(cluster, machines, local, Piece)) + (rest > 0 ? TwoLevels(cluster, machines, local, rest) : 0);
    }

    /// <summary>
    /// A sum over machines whose workers hold the same values: the first of each in a ring, then a broadcast inside the machines.
    /// </summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="workers">The number of workers: the first of the cluster.</param>
    /// <param name="bytes">The bytes of the vector.</param>
    public static double AllReduceOfMachines(ClusterModel cluster, int workers, long bytes)
    {
        var (machines, local) = Places(cluster, workers);
        return machines == 1 ? 0 : Ring(Card(cluster), machines, bytes, rounds: 2) + Chain(cluster.Inside, local, bytes);
    }

    /// <summary>A few numbers of each worker that all get: one round of a ring of all, with too few bytes to count.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="workers">The number of workers: the first of the cluster.</param>
    public static double Numbers(ClusterModel cluster, int workers)
    {
        var (machines, _) = Places(cluster, workers);
        return (workers - 1) * (machines == 1 ? cluster.Inside.Latency : Math.Max(cluster.Inside.Latency, cluster.Across.Latency));
    }

    /// <summary>A few numbers of each machine's first worker that all get: a ring of those, and a broadcast inside the machines.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="workers">The number of workers: the first of the cluster.</param>
    public static double NumbersOfMachines(ClusterModel cluster, int workers)
    {
        var (machines, local) = Places(cluster, workers);
        return machines == 1 ? 0 : ((machines - 1) * cluster.Across.Latency) + ((local - 1) * cluster.Inside.Latency);
    }

    /// <summary>
    /// A sum of compressed gradients, as <see cref="Collectives.Compression.CompressedAllReduce"/> does it: each sends every other
    /// its part, and every other the sum of the own part, through memory once for the encoding.
    /// </summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="workers">The number of workers: the first of the cluster.</param>
    /// <param name="bytes">The bytes of the vector as it is.</param>
    /// <param name="encoded">The bytes of the vector as it travels.</param>
    public static double CompressedAllReduce(ClusterModel cluster, int workers, long bytes, long encoded)
    {
        var (machines, local) = Places(cluster, workers);
        if (workers == 1)
            return 0;

        var part = (double)encoded / workers;
        var inside = (local - 1) * (cluster.Inside.Latency + (part * (cluster.Inside.Shared ? local : 1) / cluster.Inside.Bandwidth));
        var others = workers - local;
        var across = machines == 1
            ? 0
            : others * (cluster.Across.Latency + (part * (cluster.Across.Shared ? local : 1) / cluster.Across.Bandwidth));
        return (2 * Math.Max(inside, across)) + (CompressionPasses * bytes / cluster.Device.MemoryBandwidth);
    }

    /// <summary>A broadcast along a chain, chunk by chunk: the last member has a chunk when all before it have passed it on.</summary>
    private static double Chain(LinkModel link, int members, double bytes)
    {
        if (members == 1)
            return 0;

        var turns = link.Shared ? members - 1 : 1;
        var filling = (members - 2) * Math.Min(Chunk, bytes) / link.Bandwidth;
        return ((members - 1) * link.Latency) + (bytes * turns / link.Bandwidth) + (link.Shared ? 0 : filling);
    }

    private static double Ring(LinkModel link, int members, double bytes, int rounds) =>
        rounds * (members - 1) * (link.Latency + (bytes / members * (link.Shared ? members : 1) / link.Bandwidth));

    private static double TwoLevels(ClusterModel cluster, int machines, int local, double bytes) =>
        Ring(cluster.Inside, local, bytes, rounds: 2)
        + Ring(Card(cluster), machines, bytes, rounds: 2)
        + Chain(cluster.Inside, local, bytes);

    /// <summary>A machine's card as its first worker has it, for itself.</summary>
    private static LinkModel Card(ClusterModel cluster) => cluster.Across with { Shared = false };

    private static (int Machines, int Local) Places(ClusterModel cluster, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (workers > cluster.Devices)
            throw new ArgumentException(
                $"expected at most the cluster's {cluster.Devices} devices, got {workers} workers", nameof(workers));

        return (cluster.MachinesOf(workers), Math.Min(workers, cluster.DevicesPerMachine));
    }
}
