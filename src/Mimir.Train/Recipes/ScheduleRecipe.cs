namespace Mimir.Train.Recipes;

/// <summary>How the learning rate falls and when training ends; the one key of <c>train.schedule</c> is its kind.</summary>
public abstract record ScheduleRecipe;

/// <summary><c>newbob</c>: halves the learning rate once cross-validation improves little, as nnet1's scheduler does.</summary>
public sealed record NewbobRecipe : ScheduleRecipe
{
    /// <summary>Halving begins when the relative improvement of an epoch is below this. The default is 0.01.</summary>
    public double StartHalving { get; init; } = 0.01;

    /// <summary>While halving, training ends when the relative improvement is below this. The default is 0.001.</summary>
    public double EndHalving { get; init; } = 0.001;

    /// <summary>What the learning rate is multiplied with. The default is 0.5.</summary>
    public double HalvingFactor { get; init; } = 0.5;

    /// <summary>The most epochs. The default is 20.</summary>
    public int MaxEpochs { get; init; } = 20;

    /// <summary>The fewest epochs; each of them is accepted even when it does not improve. The default is 0.</summary>
    public int MinEpochs { get; init; }

    /// <summary>Epochs at the start during which the rate stays and every epoch is accepted. The default is 0.</summary>
    public int KeepRateEpochs { get; init; }
}

/// <summary><c>exponential</c>: the rate falls by the same factor after each epoch of a fixed number; the best one is kept.</summary>
public sealed record ExponentialRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs. The default is 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The learning rate of the last epoch as a share of the first one's. The default is 0.1.</summary>
    public double FinalRate { get; init; } = 0.1;
}

/// <summary><c>constant</c>: the same learning rate for a fixed number of epochs; the best one is kept.</summary>
public sealed record ConstantRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs. The default is 10.</summary>
    public int Epochs { get; init; } = 10;
}
