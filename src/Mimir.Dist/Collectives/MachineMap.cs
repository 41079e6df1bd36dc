using System.Text;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>The machines of a group's members.</summary>
public sealed class MachineMap
{
    private const int LongestName = 4096;

    private MachineMap(WorkerGroup group, IReadOnlyList<string> names)
    {
        Machines = [.. Enumerable.Range(0, group.Size).GroupBy(index => names[index], index => group.Members[index])
            .Select(ranks => (IReadOnlyList<int>)[.. ranks])];
    }

    /// <summary>Gets the ranks on each machine, machines and ranks in the group's order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Machines { get; }

    /// <summary>Exchanges the names of the machines; every member calls it.</summary>
    /// <param name="transport">Carries the names.</param>
    /// <param name="group">The members.</param>
    /// <param name="name">This worker's machine; two workers that give the same name share its memory.</param>
    /// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
    public static MachineMap Discover(ITransport transport, WorkerGroup group, string name, int channel = 0)
    {
        var talk = new GroupChannel(transport, group, channel);
        var own = Encoding.UTF8.GetBytes(name);
        var names = new string[talk.Size];
        for (var member = 0; member < talk.Size; member++)
        {
            if (member != talk.Index)
                talk.Send(member, own);
        }

        for (var member = 0; member < talk.Size; member++)
            names[member] = member == talk.Index ? name : Encoding.UTF8.GetString(talk.ReceiveMessage(member, LongestName));

        return new(group, names);
    }

    /// <summary>The name of this machine, different after a reboot: workers with the same name share memory.</summary>
    public static string ThisMachine()
    {
        const string Boot = "/proc/sys/kernel/random/boot_id";
        return $"{Environment.MachineName} {(File.Exists(Boot) ? File.ReadAllText(Boot).Trim() : "")}";
    }
}
