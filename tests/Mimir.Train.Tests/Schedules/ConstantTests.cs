using Mimir.Train.Schedules;

namespace Mimir.Train.Tests.Schedules;

public sealed class ConstantTests
{
    [Fact]
    public void After_keeps_the_rate_remembers_the_best_and_stops_in_time()
    {
        var schedule = new Constant(0.01, 3);

        var one = schedule.After(schedule.Start(5), 4);
        var two = schedule.After(one, 4.5);
        var three = schedule.After(two, 3);

        Assert.Equal([0.01, 0.01, 0.01], new[] { one, two, three }.Select(state => state.Rate));
        Assert.Equal((false, 1, 4), (two.Accepted, two.BestEpoch, two.BestLoss));
        Assert.Null(two.Finished);
        Assert.Equal((3, "reached 3 epochs"), (three.BestEpoch, three.Finished));
    }
}
