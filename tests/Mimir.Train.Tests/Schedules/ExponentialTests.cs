using Mimir.Train.Schedules;

namespace Mimir.Train.Tests.Schedules;

public sealed class ExponentialTests
{
    [Fact]
    public void Rates_fall_by_one_factor_to_the_last_epochs()
    {
        var schedule = new Exponential(0.8, 0.1, 4);

        var state = schedule.Start(3);
        var rates = new List<double>();
        while (state.Finished is null)
        {
            rates.Add(state.Rate);
            state = schedule.After(state, 2);
        }

        Assert.Equal(4, rates.Count);
        Assert.All(rates.Zip([0.8, 0.4, 0.2, 0.1]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal((1, 4), (state.BestEpoch, state.Epoch));
    }

    [Fact]
    public void A_worse_epoch_is_not_the_best_and_training_goes_on_from_it()
    {
        var schedule = new Exponential(0.8, 0.1, 3);

        var state = schedule.After(schedule.After(schedule.Start(3), 2), 2.5);

        Assert.False(state.Accepted);
        Assert.Equal((1, 2.0), (state.BestEpoch, state.BestLoss));
        Assert.Null(state.Finished);
        Assert.False(schedule.TrainsFromBest);
    }
}
