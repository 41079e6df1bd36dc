namespace Mimir.Lab.Emulation;

/// <summary>The modelled epoch of a number of workers.</summary>
public sealed record PlanRow
{
    /// <summary>Gets the number of workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Gets the number of machines.</summary>
    public required int Machines { get; init; }

    /// <summary>Gets the seconds of an epoch's training.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the speed-up over one worker.</summary>
    public required double SpeedUp { get; init; }

    /// <summary>Gets the part of the time that is exchange and not hidden, in per cent.</summary>
    public required double ExchangePercent { get; init; }

    /// <summary>Gets the part of the time in which a worker does not compute, in per cent.</summary>
    public required double WaitingPercent { get; init; }

    /// <summary>Gets the mean staleness of asgd; otherwise null.</summary>
    public double? MeanStaleness { get; init; }

    /// <summary>Gets the speed-up divided by the workers.</summary>
    public double Efficiency => SpeedUp / Workers;
}

/// <summary>The parts of an epoch's time.</summary>
public enum PlanPart
{
    /// <summary>The devices' computing, and with it the wait for the slowest.</summary>
    Computing,

    /// <summary>The link inside the machines.</summary>
    Inside,

    /// <summary>The network between machines.</summary>
    Across,

    /// <summary>Passes over the model in memory.</summary>
    Memory,
}

/// <summary>The largest limit of a number of workers.</summary>
/// <param name="Part">The part of the model without which the epoch would be shortest.</param>
/// <param name="Without">The speed-up if that part took no time; of computing, the speed-up that exchanges alone would allow.</param>
/// <param name="Limit">The speed-up if computing took no time: no device, however fast, gets more out of these links.</param>
public sealed record PlanLimit(PlanPart Part, double Without, double Limit);
