using Mimir.Base.Options;

namespace Mimir.Train.Recipes;

/// <summary>
/// The mean of models of a run, which becomes its model where cross-validation finds it better than the best epoch's; the one key
/// of <c>train.average</c> names the kind.
/// </summary>
[Kind("last", typeof(LastAverageRecipe))]
[Kind("greedy", typeof(GreedyAverageRecipe))]
[Kind("ema", typeof(EmaRecipe))]
[Kind("swa", typeof(SwaRecipe))]
public abstract record AverageRecipe;

/// <summary>Models that a run keeps in memory and in its checkpoints, to choose among them in the end.</summary>
public abstract record KeptModelsRecipe : AverageRecipe
{
    /// <summary>The number of latest models that are kept. Kaldi: --trainer.max-models-combine.</summary>
    [Option("models", Min = 1, Max = 1000)]
    public int Models { get; init; } = 20;

    /// <summary>The steps from one model to the next; 0 for one at the end of each epoch that the schedule accepts.</summary>
    [Option("every", Min = 0)]
    public int Every { get; init; }
}

/// <summary>The mean of the last n models, n by cross-validation, as nnet3-combine.</summary>
public sealed record LastAverageRecipe : KeptModelsRecipe;

/// <summary>
/// The mean of some of the last models: from the best on, each stays in it that makes the mean better in cross-validation (greedy
/// soup).
/// </summary>
public sealed record GreedyAverageRecipe : KeptModelsRecipe;

/// <summary>An exponential moving average of the model over all steps.</summary>
public sealed record EmaRecipe : AverageRecipe
{
    /// <summary>The share of the average that stays in a step; at first less, so that the untrained network is soon forgotten.</summary>
    [Option("decay", Min = 0, Max = 1, MaxExcluded = true)]
    public double Decay { get; init; } = 0.999;
}

/// <summary>Stochastic weight averaging: the mean of the model at many steps of the last part of training.</summary>
public sealed record SwaRecipe : AverageRecipe
{
    /// <summary>The share of the schedule's epochs before the first model of the mean.</summary>
    [Option("from", Min = 0, Max = 1, MaxExcluded = true)]
    public double From { get; init; } = 0.75;

    /// <summary>The steps from one model to the next; 0 for one at the end of each epoch.</summary>
    [Option("every", Min = 0)]
    public int Every { get; init; }
}
