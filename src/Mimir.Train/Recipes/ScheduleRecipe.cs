using Mimir.Base.Options;

namespace Mimir.Train.Recipes;

/// <summary>The course of the learning rate, and the end of training; the one key of <c>train.schedule</c> names the kind.</summary>
[Kind("newbob", typeof(NewbobRecipe))]
[Kind("exponential", typeof(ExponentialRecipe))]
[Kind("constant", typeof(ConstantRecipe))]
[Kind("proportional", typeof(ProportionalRecipe))]
[Kind("cosine", typeof(CosineRecipe))]
[Kind("inverse-square-root", typeof(InverseSquareRootRecipe))]
public abstract record ScheduleRecipe
{
    /// <summary>The largest number of epochs of any schedule.</summary>
    internal const int MostEpochs = 100_000;

    /// <summary>Gets the largest number of epochs that the schedule can take.</summary>
    public abstract int MaxEpochs { get; init; }
}

/// <summary>Halves the learning rate once cross-validation improves little, as nnet1's scheduler.</summary>
public sealed record NewbobRecipe : ScheduleRecipe
{
    /// <summary>Halving begins when the relative improvement of an epoch is below this.</summary>
    [Option("start-halving")]
    public double StartHalving { get; init; } = 0.01;

    /// <summary>While halving, training ends when the relative improvement is below this.</summary>
    [Option("end-halving")]
    public double EndHalving { get; init; } = 0.001;

    /// <summary>The factor on the learning rate while halving.</summary>
    [Option("halving-factor", Min = 0, Max = 1)]
    public double HalvingFactor { get; init; } = 0.5;

    /// <summary>The largest number of epochs.</summary>
    [Option("max-epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 20;

    /// <summary>The smallest number of epochs; each of them is accepted even when it does not improve.</summary>
    [Option("min-epochs", Min = 0, Max = MostEpochs)]
    public int MinEpochs { get; init; }

    /// <summary>The number of epochs at the start during which the rate stays and every epoch is accepted.</summary>
    [Option("keep-rate-epochs", Min = 0, Max = MostEpochs)]
    public int KeepRateEpochs { get; init; }
}

/// <summary>The rate falls by the same factor after each epoch of a fixed number; the best epoch is kept.</summary>
public sealed record ExponentialRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs.</summary>
    [Option("epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 10;

    /// <summary>The learning rate of the last epoch as a share of the first one's.</summary>
    [Option("final-rate", Min = 0, MinExcluded = true)]
    public double FinalRate { get; init; } = 0.1;
}

/// <summary>
/// The rate falls at every step by the same factor for the same share of the data, as between nnet3's initial and final effective
/// learning rate; the best epoch is kept.
/// </summary>
public sealed record ProportionalRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs.</summary>
    [Option("epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 10;

    /// <summary>The learning rate in the end as a share of the first one.</summary>
    [Option("final-rate", Min = 0, MinExcluded = true)]
    public double FinalRate { get; init; } = 0.1;
}

/// <summary>The rate rises in a line, then falls as half a wave of the cosine, at every step; the best epoch is kept.</summary>
public sealed record CosineRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs.</summary>
    [Option("epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 10;

    /// <summary>The share of the data of all epochs in which the rate rises.</summary>
    [Option("warm-up", Min = 0, Max = 1, MaxExcluded = true)]
    public double WarmUp { get; init; }

    /// <summary>The learning rate in the end as a share of the largest one.</summary>
    [Option("final-rate", Min = 0, MinExcluded = true)]
    public double FinalRate { get; init; } = 0.01;
}

/// <summary>The rate rises in a line, then falls by the root of the data done, at every step; the best epoch is kept.</summary>
public sealed record InverseSquareRootRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs.</summary>
    [Option("epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 10;

    /// <summary>The share of the data of all epochs in which the rate rises.</summary>
    [Option("warm-up", Min = 0, MinExcluded = true, Max = 1)]
    public double WarmUp { get; init; } = 0.1;
}

/// <summary>The same learning rate for a fixed number of epochs; the best epoch is kept.</summary>
public sealed record ConstantRecipe : ScheduleRecipe
{
    /// <summary>The number of epochs.</summary>
    [Option("epochs", Min = 1, Max = MostEpochs)]
    public override int MaxEpochs { get; init; } = 10;
}
