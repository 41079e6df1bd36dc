using Mimir.Core.Optimisers;
using Mimir.Dist.Updates;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>Scales a recipe's learning rate and momentum where a step is taken with the batches of several workers. Pure.</summary>
/// <param name="Scaling">The policy of the rate.</param>
/// <param name="BatchScale">The number of workers' batches in a step.</param>
/// <param name="Momentum">The policy of the momentum.</param>
internal sealed record StepScale(RateScaling Scaling, double BatchScale, MomentumRule Momentum)
{
    /// <summary>Gets the machines that the workers are spread over, where that matters; else 1.</summary>
    public int Machines { get; init; } = 1;

    /// <summary>The scale that a recipe asks for.</summary>
    /// <param name="recipe">The kind of update, the rate's rule and the optimiser.</param>
    /// <param name="workers">The workers of the run.</param>
    /// <param name="machines">The machines they are spread over.</param>
    public static StepScale Of(Recipe recipe, int workers, int machines)
    {
        var rate = recipe.Distribute.Rate;
        var ofSums = recipe.Train.Optimiser is not AdamOptions;
        var scaling = new RateScaling
        {
            Rule = rate.Scaling ?? (ofSums ? RateScalingRule.Linear : RateScalingRule.None),
            WarmUpFrames = rate.WarmUpFrames,
            OfSums = ofSums,
        };
        return new(scaling, recipe.Distribute.Update.BatchScale(workers, machines), rate.Momentum) { Machines = machines };
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="rate">The schedule's.</param>
    /// <param name="framesDone">The frames of all workers before the step.</param>
    public double RateOf(double rate, long framesDone) => rate * Scaling.Factor(BatchScale, framesDone);

    /// <summary>The momentum of every step.</summary>
    /// <param name="momentum">The recipe's.</param>
    public double MomentumOf(double momentum) =>
        Momentum == MomentumRule.OfBatch ? RateScaling.MomentumOfBatch(momentum, BatchScale) : momentum;
}
