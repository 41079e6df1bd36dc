using System.Globalization;
using Mimir.Train.Recipes;

namespace Mimir.Train.Schedules;

/// <summary>
/// Kaldi's nnet1 schedule: the rate stays until the cross-validation loss improves little, then halves every epoch until
/// the loss improves hardly at all. An epoch that makes the loss worse is undone.
/// </summary>
/// <remarks>
/// A rejected epoch counts as an improvement of exactly 0, so the first rejection after halving has begun ends the
/// training. Follows steps/nnet/train_scheduler.sh, and like that script, which passes them through text, rounds losses,
/// improvements and rates to six significant digits before it compares them.
/// </remarks>
/// <param name="rate">The rate of the first epoch.</param>
/// <param name="options">The two thresholds, the factor and the limits.</param>
public sealed class Newbob(double rate, NewbobRecipe options) : ISchedule
{
    /// <inheritdoc/>
    public bool TrainsFromBest => true;

    /// <inheritdoc/>
    public ScheduleState Start(double loss) => new()
    {
        Rate = Round(rate),
        BestLoss = Round(loss),
        Finished = options.MaxEpochs == 0 ? "no epochs were asked for" : null,
    };

    /// <inheritdoc/>
    public ScheduleState After(ScheduleState state, double loss)
    {
        var judged = Judge(state, Round(loss));
        var improvement = Round((state.BestLoss - judged.BestLoss) / state.BestLoss);
        var next = judged.Epoch <= options.KeepRateEpochs ? judged : Continue(judged, improvement);
        return next.Finished is null && next.Epoch >= options.MaxEpochs
            ? next with { Finished = $"reached {options.MaxEpochs} epochs" }
            : next;
    }

    /// <inheritdoc/>
    public ScheduleState WithRate(ScheduleState state, double rate) => state with { Rate = Round(rate) };

    private ScheduleState Judge(ScheduleState state, double loss)
    {
        var epoch = state.Epoch + 1;
        var accepted = loss < state.BestLoss || epoch <= options.KeepRateEpochs || epoch <= options.MinEpochs;
        return state with
        {
            Epoch = epoch,
            Accepted = accepted,
            BestLoss = accepted ? loss : state.BestLoss,
            BestEpoch = accepted ? epoch : state.BestEpoch,
        };
    }

    private ScheduleState Continue(ScheduleState state, double improvement)
    {
        if (state.Halving && improvement < options.EndHalving)
        {
            return state.Epoch <= options.MinEpochs
                ? state
                : state with { Finished = string.Create(CultureInfo.InvariantCulture, $"too small relative improvement {improvement:G6}") };
        }

        var halving = state.Halving || improvement < options.StartHalving;
        return state with { Halving = halving, Rate = halving ? Round(state.Rate * options.HalvingFactor) : state.Rate };
    }

    private static double Round(double value) =>
        double.Parse(value.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
