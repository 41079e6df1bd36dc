using Mimir.Train.Recipes;

namespace Mimir.Train.Schedules;

/// <summary>A rate that changes at every step of a fixed number of epochs; the best network is kept.</summary>
/// <param name="rate">The rate that the course is a factor on.</param>
/// <param name="epochs">The number of epochs.</param>
/// <param name="course">The factor as a function of the share of the data that is done, from 0 to 1; above 0.</param>
public sealed class Continuous(double rate, int epochs, Func<double, double> course) : ISchedule
{
    // The rate at the very beginning of a warm-up, as a share of the whole.
    private const double Least = 0.01;

    /// <inheritdoc/>
    public bool TrainsFromBest => false;

    /// <summary>nnet3's rate: from 1 to a final value, by the same factor for the same share of the data.</summary>
    /// <param name="final">The value in the end.</param>
    public static Func<double, double> Proportional(double final) => share => Math.Pow(final, share);

    /// <summary>A linear warm-up, then half a wave of the cosine down to a final value.</summary>
    /// <param name="warmUp">The share of the data in which the rate rises.</param>
    /// <param name="final">The value in the end.</param>
    public static Func<double, double> Cosine(double warmUp, double final) => share => share < warmUp
        ? Math.Max(share / warmUp, Least)
        : final + ((1 - final) * 0.5 * (1 + Math.Cos(Math.PI * (share - warmUp) / (1 - warmUp))));

    /// <summary>A linear warm-up, then a fall by the root of the data done, as in A. Vaswani et al., 2017.</summary>
    /// <param name="warmUp">The share of the data in which the rate rises.</param>
    public static Func<double, double> InverseSquareRoot(double warmUp) => share => share < warmUp
        ? Math.Max(share / warmUp, Least)
        : Math.Sqrt(warmUp / share);

    /// <summary>The schedule of a recipe; null where its rate changes between epochs only.</summary>
    /// <param name="recipe">The rate and the kind of schedule.</param>
    public static Continuous? Of(TrainRecipe recipe)
    {
        var course = recipe.Schedule switch
        {
            ProportionalRecipe proportional => Proportional(proportional.FinalRate),
            CosineRecipe cosine => Cosine(cosine.WarmUp, cosine.FinalRate),
            InverseSquareRootRecipe root => InverseSquareRoot(root.WarmUp),
            _ => null,
        };
        return course is null ? null : new(recipe.Optimiser.Rate, recipe.Schedule.MaxEpochs, course);
    }

    /// <inheritdoc/>
    public ScheduleState Start(double loss) => new() { Rate = rate * course(0), BestLoss = loss };

    /// <inheritdoc/>
    public ScheduleState After(ScheduleState state, double loss)
    {
        var epoch = state.Epoch + 1;
        var accepted = loss < state.BestLoss;
        return state with
        {
            Epoch = epoch,
            Rate = state.RateScale * rate * course((double)epoch / epochs),
            Accepted = accepted,
            BestLoss = accepted ? loss : state.BestLoss,
            BestEpoch = accepted ? epoch : state.BestEpoch,
            Finished = epoch >= epochs ? $"reached {epochs} epochs" : null,
        };
    }

    /// <inheritdoc/>
    public ScheduleState During(ScheduleState state, double share) => state with { Rate = state.RateScale * rate * course(share) };

    /// <inheritdoc/>
    public ScheduleState WithRate(ScheduleState state, double rate) =>
        state with { Rate = rate, RateScale = state.RateScale * rate / state.Rate };
}
