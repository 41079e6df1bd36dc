namespace Mimir.Train.Schedules;

/// <summary>The same rate for a fixed number of epochs, each from where the last one ended; the best network is kept.</summary>
/// <param name="rate">The learning rate.</param>
/// <param name="epochs">The number of epochs.</param>
public sealed class Constant(double rate, int epochs) : ISchedule
{
    /// <inheritdoc/>
    public bool TrainsFromBest => false;

    /// <inheritdoc/>
    public ScheduleState Start(double loss) => new()
    {
        Rate = rate,
        BestLoss = loss,
        Finished = epochs == 0 ? "no epochs were asked for" : null,
    };

    /// <inheritdoc/>
    public ScheduleState After(ScheduleState state, double loss)
    {
        var epoch = state.Epoch + 1;
        var accepted = loss < state.BestLoss;
        return state with
        {
            Epoch = epoch,
            Accepted = accepted,
            BestLoss = accepted ? loss : state.BestLoss,
            BestEpoch = accepted ? epoch : state.BestEpoch,
            Finished = epoch >= epochs ? $"reached {epochs} epochs" : null,
        };
    }
}
