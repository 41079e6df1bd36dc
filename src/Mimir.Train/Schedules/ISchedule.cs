using Mimir.Base;
using Mimir.Train.Recipes;

namespace Mimir.Train.Schedules;

/// <summary>Decides after every epoch: keep the network or not, at which rate to continue, when to stop.</summary>
/// <remarks>An implementation is pure: the next state is a function of the last state and the new loss alone.</remarks>
public interface ISchedule
{
    /// <summary>True when every epoch starts from the best network (true) or from the last one.</summary>
    bool TrainsFromBest { get; }

    /// <summary>Makes the schedule of a recipe.</summary>
    /// <param name="recipe">The rate and the kind of schedule.</param>
    static ISchedule Of(TrainRecipe recipe) => recipe.Schedule switch
    {
        NewbobRecipe newbob => new Newbob(recipe.Optimiser.Rate, newbob),
        ExponentialRecipe falling => new Exponential(
            recipe.Optimiser.Rate, recipe.Optimiser.Rate * falling.FinalRate, falling.MaxEpochs),
        ConstantRecipe constant => new Constant(recipe.Optimiser.Rate, constant.MaxEpochs),
        _ when Continuous.Of(recipe) is { } continuous => continuous,
        var other => throw new InputException($"train.schedule: {other.GetType().Name} is not one that can be run."),
    };

    /// <summary>The state before the first epoch.</summary>
    /// <param name="loss">The cross-validation loss of the untrained network.</param>
    ScheduleState Start(double loss);

    /// <summary>The state after an epoch.</summary>
    /// <param name="state">The state before the epoch.</param>
    /// <param name="loss">The cross-validation loss after the epoch, per frame.</param>
    ScheduleState After(ScheduleState state, double loss);

    /// <summary>The state within an epoch, for a rate that changes at every step.</summary>
    /// <param name="state">The state.</param>
    /// <param name="share">The share of the data of the whole run that is done, from 0 to 1.</param>
    ScheduleState During(ScheduleState state, double share) => state;

    /// <summary>The state with another rate from now on, which falls on from there as it would have.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="rate">The rate of the next step.</param>
    ScheduleState WithRate(ScheduleState state, double rate) => state with { Rate = rate };
}

/// <summary>The state of a schedule between two epochs: everything that a resumed run needs.</summary>
public sealed record ScheduleState
{
    /// <summary>Gets the number of finished epochs.</summary>
    public int Epoch { get; init; }

    /// <summary>Gets the learning rate of the next epoch.</summary>
    public double Rate { get; init; }

    /// <summary>Gets the tuned rate over the one that the schedule would have by itself; 1 when it was not tuned.</summary>
    public double RateScale { get; init; } = 1;

    /// <summary>Gets the cross-validation loss of the best network.</summary>
    public double BestLoss { get; init; }

    /// <summary>Gets the epoch that made the best network; 0 is the untrained one.</summary>
    public int BestEpoch { get; init; }

    /// <summary>True when the last epoch's network became the best one.</summary>
    public bool Accepted { get; init; }

    /// <summary>True when the rate is being halved after every epoch.</summary>
    public bool Halving { get; init; }

    /// <summary>Gets the reason why training is over, or null while it continues.</summary>
    public string? Finished { get; init; }
}
