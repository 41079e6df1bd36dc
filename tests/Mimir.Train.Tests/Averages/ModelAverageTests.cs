using Mimir.Train.Averages;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Averages;

public sealed class ModelAverageTests
{
    // The loss is the distance from 5.
    private static readonly Func<float[], double?> Distance = model => Math.Abs(model[0] - 5);

    [Theory]
    [InlineData(new float[] { 0, 9, 3, 4 }, "the last 3 models", 16 / 3f)]
    [InlineData(new float[] { 0, 9, 5 }, "the last model", 5)]
    [InlineData(new float[] { 1, 100, 9, 1 }, "the last 2 models", 5)]
    public void Last_models_are_as_many_as_make_the_best_mean(float[] models, string description, float mean)
    {
        var chosen = Filled(new LastModels(new LastAverageRecipe()), models).Choose(Distance);

        Assert.Equal(description, chosen?.Description);
        Assert.Equal(mean, chosen?.Model[0] ?? 0, 1e-5f);
        Assert.Equal(Math.Abs(mean - 5), chosen?.Loss ?? 0, 1e-5);
    }

    [Fact]
    public void Only_so_many_models_are_kept()
    {
        var average = Filled(new LastModels(new LastAverageRecipe { Models = 2 }), 6, 2, 7);

        Assert.Equal([2, 7], average.Save().OrderBy(model => model.Key).Select(model => model.Value[0]));
    }

    [Theory]
    [InlineData(new float[] { 3, 4, 2 }, "the best model", 4)]
    [InlineData(new float[] { 20, 7, 4, 3.3f }, "2 models", 5.5)]
    [InlineData(new float[] { 20, 7, 4, 2.6f, 0 }, "3 models", 13.6 / 3)]
    public void Greedy_models_stay_where_they_make_the_mean_better(float[] models, string description, double mean)
    {
        // From the best on: 3.3 comes before 7 and stays out; 2.6 comes after it and stays.
        var chosen = Filled(new GreedyModels(new GreedyAverageRecipe()), models).Choose(Distance);

        Assert.Equal(description, chosen?.Description);
        Assert.Equal(mean, chosen?.Model[0] ?? 0, 1e-5);
    }

    [Fact]
    public void The_moving_average_forgets_faster_at_first()
    {
        var average = Filled(new MovingAverage(0.5), 8, 4, 4);

        // Shares of 3/12 and 4/13 stay, both below 0.5.
        var second = (0.25 * 8) + (0.75 * 4);
        Assert.Equal((4 / 13.0 * second) + (9 / 13.0 * 4), average.Choose(Distance)?.Model[0] ?? 0, 1e-5);
        for (var i = 0; i < 30; i++)
            average.Add([4]);
        average.Add([6]);
        Assert.Equal(5, average.Choose(Distance)?.Model[0] ?? 0, 1e-5);
    }

    [Theory]
    [InlineData(0, 5, false, false)]
    [InlineData(0, 6, false, true)]
    [InlineData(3, 6, true, false)]
    [InlineData(3, 5, false, false)]
    public void The_average_of_weights_begins_late(int every, int epoch, bool takesStep, bool takesEpoch)
    {
        var average = new WeightAverage(new SwaRecipe { From = 0.5, Every = every }, epochs: 10);
        var state = new TrainingState { Fingerprint = "", Epoch = epoch, TotalSteps = 9, Schedule = new() };

        Assert.Equal(takesStep, average.TakesStep(state));
        Assert.Equal(takesEpoch, average.TakesEpoch(new(epoch, 0, 0, 0, 0, 0, Accepted: false)));
        Filled(average, 1, 2, 6);
        Assert.Equal(3, average.Choose(Distance)?.Model[0] ?? 0, 1e-5);
    }

    [Fact]
    public void Averages_go_on_from_their_saved_state()
    {
        Func<IModelAverage>[] makers =
        [
            () => new LastModels(new LastAverageRecipe { Models = 3 }), () => new GreedyModels(new GreedyAverageRecipe()),
            () => new MovingAverage(0.9), () => new WeightAverage(new(), 4),
        ];
        foreach (var make in makers)
        {
            var (whole, first, second) = (Filled(make(), 1, 9, 4, 5), Filled(make(), 1, 9), make());
            second.Load(first.Save().ToDictionary(vector => vector.Key, vector => vector.Value.ToArray()));
            Filled(second, 4, 5);

            Assert.Equal(whole.Choose(Distance)?.Model, second.Choose(Distance)?.Model);
        }
    }

    [Fact]
    public void A_stopped_validation_chooses_nothing()
    {
        IModelAverage[] averages =
        [
            new LastModels(new LastAverageRecipe()), new GreedyModels(new GreedyAverageRecipe()), new MovingAverage(0.9),
        ];

        Assert.All(averages, average => Assert.Null(Filled(average, 1, 2).Choose(_ => null)));
        Assert.All(averages.Take(2), average => Assert.Null(Filled(average, 1, 2).Choose(model => model[0] == 1 ? 1 : null)));
    }

    private static IModelAverage Filled(IModelAverage average, params float[] models)
    {
        foreach (var model in models)
            average.Add([model]);
        return average;
    }
}
