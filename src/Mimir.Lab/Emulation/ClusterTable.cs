using Mimir.Config;
using Mimir.Dist.Costs;

namespace Mimir.Lab.Emulation;

/// <summary>Every key of a cluster file.</summary>
internal static class ClusterTable
{
    private const double Micro = 1e6;
    private const double Giga = 1e9;

    private static readonly Section<LinkModel> Link = new(new() { Bandwidth = 1 }, new()
    {
        {
            "latency-us", l => l.Latency * Micro, (l, v) => l with { Latency = v / Micro }, Kinds.Number(0, 1e9),
            "What a message takes before its first byte arrives, in microseconds."
        },
        {
            "bandwidth-gb", l => l.Bandwidth / Giga, (l, v) => l with { Bandwidth = v * Giga }, Kinds.Positive,
            "Gigabytes (1e9 bytes) a second in one direction.", true
        },
        {
            "shared", l => l.Shared, (l, v) => l with { Shared = v }, Kinds.Flag,
            "Whether the devices of a machine use it in turns: inside, a bus or the memory; across, one network card for all. Without it "
            + "each device has its own."
        },
        {
            "occupies-device", l => l.OccupiesDevice, (l, v) => l with { OccupiesDevice = v }, Kinds.Flag,
            "Whether the devices themselves move the bytes, as cores that share memory, so that no exchange is hidden behind computing."
        },
    });

    private static readonly Section<DeviceModel> Device = new(new() { FramesPerSecond = 1, MemoryBandwidth = 1 }, new()
    {
        {
            "frames-per-second", d => d.FramesPerSecond, (d, v) => d with { FramesPerSecond = v }, Kinds.Positive,
            "The frames a second that one device alone trains on.", true
        },
        {
            "step-overhead-us", d => d.StepOverhead * Micro, (d, v) => d with { StepOverhead = v / Micro }, Kinds.Number(0, 1e9),
            "What a step takes besides, whatever its frames, in microseconds."
        },
        {
            "backward-share", d => d.BackwardShare, (d, v) => d with { BackwardShare = v }, Kinds.Number(0, 1),
            "The part of a step that is the backward pass, behind which exchanges hide."
        },
        {
            "validation-speedup", d => d.ValidationSpeedup, (d, v) => d with { ValidationSpeedup = v }, Kinds.Positive,
            "How many times faster cross-validation goes than training."
        },
        {
            "memory-bandwidth-gb", d => d.MemoryBandwidth / Giga, (d, v) => d with { MemoryBandwidth = v * Giga }, Kinds.Positive,
            "Gigabytes a second of a pass over the model, reading and writing counted each.", true
        },
    });

    /// <summary>Gets what a file's keys are laid over.</summary>
    public static ClusterModel Start { get; } = new()
    {
        Machines = 1,
        DevicesPerMachine = 1,
        Device = new() { FramesPerSecond = 1, MemoryBandwidth = 1 },
        Inside = new() { Bandwidth = 1 },
        Across = new() { Bandwidth = 1, Shared = true },
    };

    /// <summary>Gets the file as a whole.</summary>
    public static Section<ClusterModel> Root { get; } = new(
        Start,
        new()
        {
            { "name", c => c.Name, (c, v) => c with { Name = v }, Kinds.Name, "The name, for tables; without it the file's." },
            { "machines", c => c.Machines, (c, v) => c with { Machines = v }, Kinds.Whole(1, 65_536), "The number of machines.", true },
            {
                "devices-per-machine", c => c.DevicesPerMachine, (c, v) => c with { DevicesPerMachine = v }, Kinds.Whole(1, 65_536),
                "The devices of each, each with one worker.", true
            },
            { "device", c => c.Device, (c, v) => c with { Device = v }, Device, "How fast a device is.", true },
            { "inside", c => c.Inside, (c, v) => c with { Inside = v }, Link, "What joins the devices of a machine.", true },
            {
                "across", c => c.Across, (c, v) => c with { Across = v }, Link,
                "What joins the machines; one card for all devices of a machine unless `shared: false`.", true
            },
            {
                "jitter", c => c.Jitter, (c, v) => c with { Jitter = v }, Kinds.Number(0, 2),
                "The standard deviation of the logarithm of a step's time."
            },
            {
                "speeds", c => (IReadOnlyDictionary<string, double>)Named(c.Speeds), (c, v) => c with { Speeds = Numbered(v) },
                new MapKind<double>(Kinds.Positive, 1, "a map from a device's number, from 0, to its speed"),
                "Devices that are not like the others, with their speed: `{3: 0.5}` takes twice the time."
            },
        },
        whole: "the cluster");

    private static Dictionary<string, double> Named(IReadOnlyDictionary<int, double> speeds) =>
        speeds.ToDictionary(speed => FormattableString.Invariant($"{speed.Key}"), speed => speed.Value);

    private static Dictionary<int, double> Numbered(IReadOnlyDictionary<string, double> speeds) => speeds.ToDictionary(
        speed => int.TryParse(speed.Key, out var device) ? device : throw new ArgumentException($"'speeds': expected a device's number, got '{speed.Key}'"),
        speed => speed.Value);
}
