using Mimir.Base.Options;
using Mimir.Dist.Updates;

namespace Mimir.Train.Recipes;

/// <summary>The workers of a run and their update mode.</summary>
public sealed record DistributeRecipe
{
    /// <summary>The number of workers.</summary>
    [Option("workers", Min = 1, Max = 65_536)]
    public int Workers { get; init; } = 1;

    /// <summary>The update mode: the way in which the workers' models become one.</summary>
    [Option("update", Expected = "an update mode")]
    public UpdateOptions Update { get; init; } = UpdateOptions.Defaults[0];

    /// <summary>
    /// The learning rate and the momentum of several workers, in the modes whose steps are taken with the batches of several.
    /// </summary>
    [Option("rate")]
    public RateRecipe Rate { get; init; } = new();
}

/// <summary>The learning rate and the momentum of several workers; see <see cref="RateScaling"/>.</summary>
public sealed record RateRecipe
{
    /// <summary>
    /// The scaling of the rate of a mean gradient when N workers make the batch N-fold. Without it the rate is used as it is: that
    /// is <c>linear</c> for sgd, whose gradients are sums, and <c>none</c> for adam.
    /// </summary>
    [Option("scaling")]
    public RateScalingRule? Scaling { get; init; }

    /// <summary>The frames of all workers, from the start, over which a step grows from that of one worker's batch.</summary>
    [Option("warm-up-frames", Min = 0)]
    public long WarmUpFrames { get; init; }

    /// <summary>
    /// The optimiser's momentum m with several workers: <c>of-batch</c> is m to the power N, which forgets as fast, counted in
    /// frames, as m with the batch of one worker.
    /// </summary>
    [Option("momentum")]
    public MomentumRule Momentum { get; init; }
}

/// <summary>The optimiser's momentum when a step is taken with the batches of several workers.</summary>
public enum MomentumRule
{
    /// <summary>The momentum of the recipe.</summary>
    AsIs,

    /// <summary>The momentum that forgets as fast, counted in frames, as the recipe's with the batch of one worker.</summary>
    OfBatch,
}
