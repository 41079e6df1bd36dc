namespace Mimir.Dist.Costs;

/// <summary>How bytes get from one device to another: a message of b bytes takes latency + b / bandwidth.</summary>
public sealed record LinkModel
{
    /// <summary>Gets what a message takes before its first byte arrives, in seconds. The default is 0.</summary>
    public double Latency { get; init; }

    /// <summary>Gets the bytes a second in one direction; both directions go at the same time.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>
    /// Gets a value indicating whether all devices of a machine use it in turns: inside a machine a bus or its memory, across
    /// machines one network card for all devices. False, the default: each device has a link, or a card, of its own.
    /// </summary>
    public bool Shared { get; init; }

    /// <summary>
    /// Gets a value indicating whether the devices themselves move the bytes, as cores do that share memory, so that nothing is
    /// hidden behind their computing. The default is false.
    /// </summary>
    public bool OccupiesDevice { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <param name="name">What messages call the link.</param>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Validate(string name)
    {
        ClusterModel.Require(Latency >= 0 && double.IsFinite(Latency), $"a latency {name} from 0 seconds", Latency);
        ClusterModel.Require(Bandwidth > 0 && double.IsFinite(Bandwidth), $"a bandwidth {name} above 0 bytes a second", Bandwidth);
    }
}
