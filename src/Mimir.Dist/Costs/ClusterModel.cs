using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Dist.Costs;

/// <summary>
/// Machines with as many devices each, and the links between them. A worker has a device of its own; workers fill one machine
/// after the other, in the order of their ranks.
/// </summary>
public sealed record ClusterModel
{
    /// <summary>The name, for tables; without it the file's.</summary>
    [Option("name")]
    public string Name { get; init; } = "";

    /// <summary>The number of machines.</summary>
    [Option("machines", Min = 1, Max = 65_536, Required = true)]
    public required int Machines { get; init; }

    /// <summary>The number of devices of each machine, each with one worker.</summary>
    [Option("devices-per-machine", Min = 1, Max = 65_536, Required = true)]
    public required int DevicesPerMachine { get; init; }

    /// <summary>The speed of a device.</summary>
    [Option("device", Required = true)]
    public required DeviceModel Device { get; init; }

    /// <summary>The link between the devices of a machine.</summary>
    [Option("inside", Required = true)]
    public required LinkModel Inside { get; init; }

    /// <summary>The link between machines; one card for all devices of a machine unless <c>shared: false</c>.</summary>
    [Option("across", Required = true)]
    public required LinkModel Across { get; init; }

    /// <summary>The standard deviation of the logarithm of a step's time.</summary>
    [Option("jitter", Min = 0, Max = 2)]
    public double Jitter { get; init; } = 0.02;

    /// <summary>Devices that are not like the others, with their speed: <c>{3: 0.5}</c> takes twice the time.</summary>
    [Option("speeds", Min = 0, MinExcluded = true, Expected = "a map from a device's number, from 0, to its speed")]
    public IReadOnlyDictionary<int, double> Speeds { get; init; } = new Dictionary<int, double>();

    /// <summary>Gets the number of devices.</summary>
    public int Devices => Machines * DevicesPerMachine;

    /// <summary>The number of machines of a number of workers, each full before the next one.</summary>
    /// <param name="workers">At least 1.</param>
    public int MachinesOf(int workers) => (workers + DevicesPerMachine - 1) / DevicesPerMachine;

    /// <summary>The machine of a worker.</summary>
    /// <param name="worker">Its rank.</param>
    public int MachineOf(int worker) => worker / DevicesPerMachine;

    /// <summary>The cluster with as many machines of its kind as a number of workers needs, also more than it has.</summary>
    /// <param name="workers">At least 1; on one machine, the devices of that machine.</param>
    public ClusterModel With(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var machines = MachinesOf(workers);
        var speeds = Speeds.Where(device => device.Key < machines * DevicesPerMachine).ToDictionary(
            device => device.Key, device => device.Value);
        return this with { Machines = machines, Speeds = speeds };
    }

    /// <summary>The cluster with devices of another speed.</summary>
    /// <param name="framesPerSecond">Frames that a device trains on in a second; null: unchanged.</param>
    public ClusterModel At(double? framesPerSecond) =>
        framesPerSecond is { } rate ? this with { Device = Device with { FramesPerSecond = rate } } : this;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InputException">Something is out of range.</exception>
    public void Validate()
    {
        Require(Machines >= 1, "at least 1 machine", Machines);
        Require(DevicesPerMachine >= 1, "at least 1 device a machine", DevicesPerMachine);
        Require((long)Machines * DevicesPerMachine <= 65_536, "at most 65536 devices", (double)Machines * DevicesPerMachine);
        Require(Jitter is >= 0 and <= 2, "a jitter from 0 to 2", Jitter);
        foreach (var (device, speed) in Speeds)
        {
            Require(device >= 0 && device < Devices, $"the speed of a device from 0 to {Devices - 1}", device);
            Require(speed > 0 && double.IsFinite(speed), $"a speed of device {device} above 0", speed);
        }

        Device.Validate();
        Inside.Validate("inside a machine");
        Across.Validate("across machines");
    }

    /// <summary>Throws when a number is out of range.</summary>
    internal static void Require(bool holds, string expected, double got)
    {
        if (!holds)
            throw new InputException($"expected {expected}, got {got.ToString(CultureInfo.InvariantCulture)}");
    }
}
