namespace Mimir.Train.Schedules;

/// <summary>Decides after every epoch: keep the network or not, at which rate to go on, when to stop.</summary>
/// <remarks>An implementation is pure: the next state is a function of the last state and the new loss alone.</remarks>
public interface ISchedule
{
    /// <summary>Gets whether every epoch starts from the best network (true) or from the last one.</summary>
    bool TrainsFromBest { get; }

    /// <summary>The state before the first epoch.</summary>
    /// <param name="loss">The cross-validation loss of the untrained network.</param>
    ScheduleState Start(double loss);

    /// <summary>The state after an epoch.</summary>
    /// <param name="state">The state before the epoch.</param>
    /// <param name="loss">The cross-validation loss after the epoch, per frame.</param>
    ScheduleState After(ScheduleState state, double loss);

    /// <summary>The state with another rate from now on, which goes on to fall as it would have.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="rate">The rate of the next step.</param>
    ScheduleState WithRate(ScheduleState state, double rate) => state with { Rate = rate };
}
