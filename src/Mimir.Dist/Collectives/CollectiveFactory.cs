using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>Creates the collective that fits the machines of the workers.</summary>
public static class CollectiveFactory
{
    /// <summary>The number of channels that a collective uses, from the given one on.</summary>
    public const int Channels = TwoLevelCollective.Channels;

    /// <summary>
    /// Shared memory when all members are on one machine, a ring when all are on different ones, two levels otherwise.
    /// Every member calls it.
    /// </summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="group">The members; null: all workers.</param>
    /// <param name="channel">The first of <see cref="Channels"/> channels.</param>
    /// <param name="machine">This worker's machine; null: as <see cref="MachineMap.ThisMachine"/> names it.</param>
    /// <exception cref="IOException">The memory of a machine cannot be shared.</exception>
    public static ICollective Create(ITransport transport, WorkerGroup? group = null, int channel = 0, string? machine = null)
    {
        group ??= WorkerGroup.All(transport.WorldSize);
        if (group.Size == 1)
            return new RingCollective(transport, group, channel);

        var map = MachineMap.Discover(transport, group, machine ?? MachineMap.ThisMachine(), channel);
        if (map.Machines.Count == group.Size)
            return new RingCollective(transport, group, channel);

        return map.Machines.Count == 1
            ? SharedMemoryCollective.Create(transport, group, channel)
            : new TwoLevelCollective(transport, group, map, channel);
    }
}
