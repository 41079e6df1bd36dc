using Mimir.Dist.Collectives;
using Mimir.Dist.Collectives.SharedMemory;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>A worker's place among machines.</summary>
/// <param name="Home">Joins the workers of its machine; the first of them speaks for it.</param>
/// <param name="Across">Joins the first workers of the machines; null on the others.</param>
/// <param name="Leaders">Those first workers, in order, known to all.</param>
/// <param name="Machine">This worker's machine, a place among the leaders.</param>
public sealed record MachineTiers(ICollective Home, ICollective? Across, WorkerGroup Leaders, int Machine) : IDisposable
{
    /// <summary>How many channels <see cref="Discover"/> uses, from the one that is given.</summary>
    public const int Channels = 2;

    /// <summary>Asks who is on which machine: shared memory at home, a ring across. Every member calls it.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="members">Who takes part.</param>
    /// <param name="channel">The first of <see cref="Channels"/> channels.</param>
    /// <param name="machine">This worker's machine; null: as <see cref="MachineMap.ThisMachine"/> names it.</param>
    /// <exception cref="IOException">The memory of a machine cannot be shared.</exception>
    public static MachineTiers Discover(ITransport transport, WorkerGroup members, int channel, string? machine = null)
    {
        var machines = MachineMap.Discover(transport, members, machine ?? MachineMap.ThisMachine(), channel).Machines;
        var own = machines.Index().First(place => place.Item.Contains(transport.Rank));
        var leaders = new WorkerGroup([.. machines.Select(ranks => ranks[0])], members.Generation);
        var home = new WorkerGroup(own.Item, members.Generation);
        var watching = new WatchingTransport(transport, members);
        return new(
            home.Size == 1 ? new RingCollective(watching, home, channel) : SharedMemoryCollective.Create(watching, home, channel),
            own.Item[0] == transport.Rank ? new RingCollective(watching, leaders, channel + 1) : null,
            leaders,
            own.Index);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Across?.Dispose();
        Home.Dispose();
    }
}
