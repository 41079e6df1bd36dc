using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates.TwoTier;

/// <summary>The two groups of a worker: those on its machine, and the first workers of all machines.</summary>
/// <param name="Local">Joins the workers of its machine; the first of them speaks for it.</param>
/// <param name="Across">Joins the first workers of the machines; null on the others.</param>
/// <param name="Leaders">Those first workers, in order, known to all.</param>
/// <param name="Machine">This worker's machine, a place among the leaders.</param>
internal sealed record MachineTiers(ICollective Local, ICollective? Across, WorkerGroup Leaders, int Machine) : IDisposable
{
    /// <summary>The number of channels that <see cref="Discover"/> uses, from the given one on.</summary>
    public const int Channels = 2;

    /// <summary>Finds out the machines of all members: shared memory inside each, a ring across. Every member calls it.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="members">The members.</param>
    /// <param name="channel">The first of <see cref="Channels"/> channels.</param>
    /// <param name="machine">This worker's machine; null: as <see cref="MachineMap.ThisMachine"/> names it.</param>
    /// <exception cref="IOException">The memory of a machine cannot be shared.</exception>
    public static MachineTiers Discover(ITransport transport, WorkerGroup members, int channel, string? machine = null)
    {
        var machines = MachineMap.Discover(transport, members, machine ?? MachineMap.ThisMachine(), channel).Machines;
        var own = machines.Index().First(place => place.Item.Contains(transport.Rank));
        var leaders = new WorkerGroup([.. machines.Select(ranks => ranks[0])], members.Generation);
        var local = new WorkerGroup(own.Item, members.Generation);
        var watching = new WatchingTransport(transport, members);
        return new(
            local.Size == 1 ? new RingCollective(watching, local, channel) : SharedMemoryCollective.Create(watching, local, channel),
            own.Item[0] == transport.Rank ? new RingCollective(watching, leaders, channel + 1) : null,
            leaders,
            own.Index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Across?.Dispose();
        Local.Dispose();
    }
}

/// <summary>
/// A collective of machines, each of which counts once: its first worker takes part and broadcasts the result on its machine.
/// </summary>
/// <remarks>The workers of a machine call with the same values.</remarks>
internal sealed class MachineCollective(MachineTiers tiers) : ICollective
{
    public WorkerGroup Group => tiers.Leaders;

    public int Index => tiers.Machine;

    public void AllReduceSum(Span<float> values)
    {
        tiers.Across?.AllReduceSum(values);
        tiers.Local.Broadcast(values, root: 0);
    }

    public void ReduceScatterSum(Span<float> values) => AllReduceSum(values);

    public void AllGather(Span<float> values)
    {
        tiers.Across?.AllGather(values);
        tiers.Local.Broadcast(values, root: 0);
    }

    public void ReduceSum(Span<float> values, int root) => AllReduceSum(values);

    public void Broadcast(Span<float> values, int root)
    {
        tiers.Across?.Broadcast(values, root);
        tiers.Local.Broadcast(values, root: 0);
    }

    public void Barrier() => AllReduceSum([]);

    public void Dispose()
    {
        // The mode disposes of the tiers.
    }
}

/// <summary>A transport whose waits end when any worker of a formation is lost, not only one of the smaller group that uses it.</summary>
/// <remarks>So the loss of a worker is known at once also on machines that exchange nothing with it.</remarks>
internal sealed class WatchingTransport(ITransport inner, WorkerGroup all) : ITransport
{
    public int Rank => inner.Rank;

    public int WorldSize => inner.WorldSize;

    public TimeSpan Timeout => inner.Timeout;

    public IReadOnlyList<int> Rejoining => inner.Rejoining;

    public void Send(int peer, Tag tag, ReadOnlySpan<byte> message) => inner.Send(peer, tag, message);

    public ReceivedMessage Take(int peer, Tag tag, WorkerGroup? watched = null) => inner.Take(peer, tag, all);

    public ReceivedMessage? TakeAny(Tag tag, TimeSpan wait) => inner.TakeAny(tag, wait);

    public string? LossOf(int peer) => inner.LossOf(peer);

    public void Check(int peer, WorkerGroup? watched = null) => inner.Check(peer, all);

    public bool Readmit(int peer) => inner.Readmit(peer);

    public void DiscardBefore(int generation) => inner.DiscardBefore(generation);

    public void Dispose()
    {
        // The caller disposes of the transport.
    }
}
