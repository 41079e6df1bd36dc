namespace Mimir.Train.Recipes;

/// <summary>How many workers train, and how they stay in step.</summary>
public sealed record DistributeRecipe
{
    /// <summary>The number of workers. The default is 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How the workers' models are kept together. The default is <see cref="SyncRecipe"/>.</summary>
    public UpdateRecipe Update { get; init; } = new SyncRecipe();
}

/// <summary>How the workers' models are kept together; the one key of <c>distribute.update</c> is its kind.</summary>
public abstract record UpdateRecipe;

/// <summary><c>sync</c>: the gradients of all workers are summed at every step.</summary>
public sealed record SyncRecipe : UpdateRecipe;

/// <summary><c>ma</c>: each worker trains its own model; the models are averaged now and then.</summary>
public sealed record MaRecipe : UpdateRecipe
{
    /// <summary>Frames of each worker between two averages. The default is 25600.</summary>
    public int PeriodFrames { get; init; } = 25600;
}

/// <summary><c>bmuf</c>: model averaging with block momentum (Chen and Huo, 2016).</summary>
public sealed record BmufRecipe : UpdateRecipe
{
    /// <summary>Frames of each worker in a block. The default is 25600.</summary>
    public int PeriodFrames { get; init; } = 25600;

    /// <summary>The block momentum, or null for 1 - 1 / workers.</summary>
    public double? BlockMomentum { get; init; }

    /// <summary>The block learning rate. The default is 1.</summary>
    public double BlockRate { get; init; } = 1;

    /// <summary>Whether the block momentum looks ahead (Nesterov). The default is true.</summary>
    public bool Nesterov { get; init; } = true;
}

/// <summary><c>asgd</c>: workers send gradients to a parameter server and do not wait for each other.</summary>
public sealed record AsgdRecipe : UpdateRecipe
{
    /// <summary>The most steps that a worker's parameters may lag behind the server's. The default is 8.</summary>
    public int MaxStaleness { get; init; } = 8;
}
