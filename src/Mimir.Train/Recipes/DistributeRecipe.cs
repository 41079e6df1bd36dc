using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Train.Recipes;

/// <summary>How many workers train, and how they stay in step.</summary>
public sealed record DistributeRecipe
{
    /// <summary>The number of workers. The default is 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How the workers' models are kept together. The default is <see cref="SyncRecipe"/>.</summary>
    public UpdateRecipe Update { get; init; } = new SyncRecipe();

    /// <summary>What the number of workers does to the learning rate and the momentum.</summary>
    public RateRecipe Rate { get; init; } = new();
}

/// <summary>How the workers' models are kept together; the one key of <c>distribute.update</c> is its kind.</summary>
public abstract record UpdateRecipe
{
    /// <summary>What the update mode is made with; the defaults are the mode's own.</summary>
    public abstract UpdateOptions Mode { get; }
}

/// <summary><c>sync</c>: the gradients of all workers are summed at every step.</summary>
public sealed record SyncRecipe : UpdateRecipe
{
    /// <summary>The keys.</summary>
    public SyncOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override UpdateOptions Mode => Options;
}

/// <summary><c>ma</c>: each worker trains its own model; the models are averaged now and then.</summary>
public sealed record MaRecipe : UpdateRecipe
{
    /// <summary>The keys.</summary>
    public ModelAveragingOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override UpdateOptions Mode => Options;
}

/// <summary><c>bmuf</c>: model averaging with block momentum (Chen and Huo, 2016).</summary>
public sealed record BmufRecipe : UpdateRecipe
{
    /// <summary>The keys.</summary>
    public BmufOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override UpdateOptions Mode => Options;
}

/// <summary><c>asgd</c>: workers send gradients to a parameter server and do not wait for each other.</summary>
public sealed record AsgdRecipe : UpdateRecipe
{
    /// <summary>The keys.</summary>
    public AsgdOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override UpdateOptions Mode => Options;
}

/// <summary><c>two-tier</c>: gradients are summed inside a machine, models meet across machines with block momentum.</summary>
public sealed record TwoTierRecipe : UpdateRecipe
{
    /// <summary>The keys.</summary>
    public TwoTierOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override UpdateOptions Mode => Options;
}

/// <summary>What the number of workers does to the learning rate and the momentum; see <see cref="RateScaling"/>.</summary>
public sealed record RateRecipe
{
    /// <summary>
    /// How the rate of a mean gradient follows from the size of the global batch, or null for using the rate as it stands.
    /// </summary>
    public RateScalingRule? Scaling { get; init; }

    /// <summary>Frames of all workers over which a step grows from that of one worker's batch. The default is 0.</summary>
    public long WarmUpFrames { get; init; }

    /// <summary>What becomes of the optimiser's momentum. The default is <see cref="MomentumRule.AsIs"/>.</summary>
    public MomentumRule Momentum { get; init; }
}

/// <summary>What becomes of the optimiser's momentum when a step is taken with the batches of several workers.</summary>
public enum MomentumRule
{
    /// <summary>It is what the recipe says.</summary>
    AsIs,

    /// <summary>It forgets as fast, counted in frames, as the recipe's does with the batch of one worker.</summary>
    OfBatch,
}
