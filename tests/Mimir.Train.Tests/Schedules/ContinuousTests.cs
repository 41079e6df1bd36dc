using Mimir.Train.Recipes;
using Mimir.Train.Schedules;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Schedules;

public sealed class ContinuousTests
{
    public static TheoryData<ScheduleRecipe, double[]> Courses => new()
    {
        // Kaldi: initial * exp(share * log(final / initial)).
        { new ProportionalRecipe { MaxEpochs = 4, FinalRate = 0.01 }, [1, 0.31622776601, 0.1, 0.0316227766, 0.01] },
        { new CosineRecipe { MaxEpochs = 4, FinalRate = 0.1 }, [1, 0.86819805153, 0.55, 0.23180194846, 0.1] },
        { new CosineRecipe { MaxEpochs = 4, WarmUp = 0.5, FinalRate = 0.1 }, [0.01, 0.5, 1, 0.55, 0.1] },
        { new InverseSquareRootRecipe { MaxEpochs = 4, WarmUp = 0.25 }, [0.01, 1, 0.70710678118, 0.57735026919, 0.5] },
    };

    [Theory]
    [MemberData(nameof(Courses))]
    public void Rates_follow_the_share_of_the_data(ScheduleRecipe recipe, double[] expected)
    {
        var schedule = ISchedule.Of(new() { Schedule = recipe, Optimiser = new Mimir.Core.Optimisers.SgdOptions { Rate = 2 } });
        var state = schedule.Start(10);
        for (var epoch = 0; epoch <= 4; epoch++)
        {
            Assert.Equal(2 * expected[epoch], state.Rate, 1e-8);
            Assert.Equal(2 * expected[epoch], schedule.During(state, epoch / 4.0).Rate, 1e-8);
            Assert.Equal(epoch == 4, state.Finished is not null);
            state = schedule.After(state, 9 - epoch);
        }
    }

    [Fact]
    public void A_tuned_rate_falls_on_from_where_it_is()
    {
        var schedule = new Continuous(1, 2, Continuous.Proportional(0.25));
        var state = schedule.WithRate(schedule.During(schedule.Start(1), 0.5), 3);

        Assert.Equal(3, state.Rate, 1e-9);
        Assert.Equal(3 * 0.5, schedule.During(state, 1).Rate, 1e-9);
        Assert.Equal(3, schedule.WithRate(state, 6).RateScale / state.RateScale * 1.5, 1e-9);
    }

    [Theory]
    [InlineData(BatchUnit.Frames, 1, 1, 0, 0)]
    [InlineData(BatchUnit.Frames, 1, 3, 5, 0.625)]
    [InlineData(BatchUnit.Frames, 2, 3, 5, 0.75)]
    [InlineData(BatchUnit.Chunks, 1, 2, 1, 0.5)]
    [InlineData(BatchUnit.Utterances, 1, 4, 99, 1)]
    public void The_share_of_the_data_follows_from_epochs_and_steps(BatchUnit unit, int shares, int epoch, int step, double expected)
    {
        var recipe = new TrainRecipe
        {
            Batch = new() { Unit = unit, Frames = 10, Streams = 10, Chunk = 10 },
            Schedule = new ConstantRecipe { MaxEpochs = 4 },
        };
        var course = TrainingCourse.Of(recipe, 100, shares);

        Assert.Equal(expected, course.ShareOf(new() { Fingerprint = "", Epoch = epoch, Step = step, Schedule = new() }), 1e-9);
    }
}
