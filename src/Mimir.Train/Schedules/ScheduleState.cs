namespace Mimir.Train.Schedules;

/// <summary>Where a schedule stands between two epochs: everything that a resumed run needs to go on.</summary>
public sealed record ScheduleState
{
    /// <summary>Gets the number of finished epochs.</summary>
    public int Epoch { get; init; }

    /// <summary>Gets the learning rate of the next epoch.</summary>
    public double Rate { get; init; }

    /// <summary>Gets how many times the rate that the schedule would have by itself; 1 unless somebody has changed it.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Gets the cross-validation loss of the best network.</summary>
    public double BestLoss { get; init; }

    /// <summary>Gets the epoch that made the best network; 0 is the untrained one.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Gets whether the last epoch's network became the best one.</summary>
    public bool Accepted { get; init; }

    /// <summary>Gets whether the rate is being halved after every epoch.</summary>
    public bool Halving { get; init; }

    /// <summary>Gets why training is over, or null while it goes on.</summary>
    public string? Finished { get; init; }
}
