using Mimir.Base.Options;

namespace Mimir.Dist.Costs;

/// <summary>The link between devices: a message of b bytes takes latency + b / bandwidth.</summary>
public sealed record LinkModel
{
    /// <summary>Gets the time from sending a message to the arrival of its first byte, in seconds.</summary>
    public double Latency { get; init; }

    /// <summary>The time from sending a message to the arrival of its first byte, in microseconds.</summary>
    [Option("latency-us", Min = 0, Max = 1e9)]
    public double LatencyMicroseconds
    {
        get => Latency * 1e6;
        init => Latency = value / 1e6;
    }

    /// <summary>Gets the bytes a second in one direction; both directions go at the same time.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Gigabytes (1e9 bytes) a second in one direction.</summary>
    [Option("bandwidth-gb", Min = 0, MinExcluded = true, Required = true)]
    public double Gigabytes
    {
        get => Bandwidth / 1e9;
        init => Bandwidth = value * 1e9;
    }

    /// <summary>
    /// True: the devices of a machine share the link; inside a machine, a bus or its memory; across machines, one network card for
    /// all. Otherwise each device has its own.
    /// </summary>
    [Option("shared")]
    public bool Shared { get; init; }

    /// <summary>
    /// True: the devices themselves move the bytes, as cores that share memory, so that no exchange overlaps with computation.
    /// </summary>
    [Option("occupies-device")]
    public bool OccupiesDevice { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <param name="name">The link's name in messages.</param>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Validate(string name)
    {
        ClusterModel.Require(Latency >= 0 && double.IsFinite(Latency), $"a latency {name} from 0 seconds", Latency);
        ClusterModel.Require(Bandwidth > 0 && double.IsFinite(Bandwidth), $"a bandwidth {name} above 0 bytes a second", Bandwidth);
    }
}
