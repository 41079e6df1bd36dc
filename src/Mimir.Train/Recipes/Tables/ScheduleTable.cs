using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The kinds of learning-rate schedule and their keys.</summary>
internal static class ScheduleTable
{
    private const int MostEpochs = 100000;

    /// <summary>Gets the choice of schedules.</summary>
    public static OneOfKind<ScheduleRecipe> Schedule { get; } = new("a schedule",
    [
        new Variant<ScheduleRecipe, NewbobRecipe>(
            "newbob", new(), "Halves the learning rate once cross-validation improves little, as nnet1's scheduler does.", new()
        {
            {
                "start-halving", s => s.StartHalving, (s, v) => s with { StartHalving = v }, Kinds.Number(),
                "Halving begins when the relative improvement of an epoch is below this."
            },
            {
                "end-halving", s => s.EndHalving, (s, v) => s with { EndHalving = v }, Kinds.Number(),
                "While halving, training ends when the relative improvement is below this."
            },
            {
                "halving-factor", s => s.HalvingFactor, (s, v) => s with { HalvingFactor = v }, Kinds.Number(0, 1),
                "What the learning rate is multiplied with."
            },
            {
                "max-epochs", s => s.MaxEpochs, (s, v) => s with { MaxEpochs = v }, Kinds.Whole(1, MostEpochs),
                "The most epochs."
            },
            {
                "min-epochs", s => s.MinEpochs, (s, v) => s with { MinEpochs = v }, Kinds.Whole(0, MostEpochs),
                "The fewest epochs; each of them is accepted even when it does not improve."
            },
            {
                "keep-rate-epochs", s => s.KeepRateEpochs, (s, v) => s with { KeepRateEpochs = v }, Kinds.Whole(0, MostEpochs),
                "Epochs at the start during which the rate stays and every epoch is accepted."
            },
        }),
        new Variant<ScheduleRecipe, ExponentialRecipe>(
            "exponential", new(),
            "The rate falls by the same factor after each epoch of a fixed number; the best epoch is kept.", new()
        {
            {
                "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }, Kinds.Whole(1, MostEpochs),
                "The number of epochs."
            },
            {
                "final-rate", s => s.FinalRate, (s, v) => s with { FinalRate = v }, Kinds.Positive,
                "The learning rate of the last epoch as a share of the first one's."
            },
        }),
        new Variant<ScheduleRecipe, ConstantRecipe>(
            "constant", new(), "The same learning rate for a fixed number of epochs; the best one is kept.", new()
        {
            {
                "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }, Kinds.Whole(1, MostEpochs),
                "The number of epochs."
            },
        }),
    ]);
}
