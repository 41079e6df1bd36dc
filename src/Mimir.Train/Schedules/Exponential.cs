namespace Mimir.Train.Schedules;

/// <summary>
/// A fixed number of epochs at rates that fall by the same factor from the first one to the last, each epoch from where the
/// one before ended; the best network is kept.
/// </summary>
/// <remarks>As nnet3's schedule between its initial and final effective learning rate, a step an epoch.</remarks>
/// <param name="rate">The learning rate of the first epoch.</param>
/// <param name="finalRate">That of the last one.</param>
/// <param name="epochs">The number of epochs.</param>
public sealed class Exponential(double rate, double finalRate, int epochs) : ISchedule
{
    /// <inheritdoc/>
    public bool TrainsFromBest => false;

    /// <inheritdoc/>
    public ScheduleState Start(double loss) => new() { Rate = rate, BestLoss = loss };

    /// <inheritdoc/>
    public ScheduleState After(ScheduleState state, double loss)
    {
        var epoch = state.Epoch + 1;
        var accepted = loss < state.BestLoss;
        return state with
        {
            Epoch = epoch,
            Rate = state.RateScale * RateOf(epoch),
            Accepted = accepted,
            BestLoss = accepted ? loss : state.BestLoss,
            BestEpoch = accepted ? epoch : state.BestEpoch,
            Finished = epoch >= epochs ? $"reached {epochs} epochs" : null,
        };
    }

    /// <inheritdoc/>
    public ScheduleState WithRate(ScheduleState state, double rate) =>
        state with { Rate = rate, RateScale = rate / RateOf(state.Epoch) };

    private double RateOf(int epoch) => epochs > 1 ? rate * Math.Pow(finalRate / rate, (double)epoch / (epochs - 1)) : rate;
}
