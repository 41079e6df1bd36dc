using Mimir.Base.Options;
using Mimir.Core.Pretraining;

namespace Mimir.Train.Recipes;

/// <summary>The initial values of layers before training; the one key of <c>pretrain</c> names the kind.</summary>
[Kind("rbm", typeof(RbmRecipe))]
public abstract record PretrainRecipe;

/// <summary>
/// A stack of restricted Boltzmann machines, one for each of the first sigmoid layers, as steps/nnet/pretrain_dbn.sh trains them.
/// </summary>
public sealed record RbmRecipe : PretrainRecipe
{
    /// <summary>The rates of the machines on units of 0 and 1.</summary>
    [IncludeOptions]
    public RbmOptions Training { get; init; } = new();

    /// <summary>The visible units of the first machine: those of normalised features are Gaussian.</summary>
    [Option("visible")]
    public RbmUnit Visible { get; init; } = RbmUnit.Gaussian;

    /// <summary>The learning rate of a machine with Gaussian visible units.</summary>
    [Option("gaussian-learn-rate", Min = 0, MinExcluded = true)]
    public double GaussianLearnRate { get; init; } = 0.01;

    /// <summary>The epochs of each machine; one with Gaussian visible units has twice as many.</summary>
    [Option("epochs", Min = 1, Max = 10_000)]
    public int Epochs { get; init; } = 1;

    /// <summary>The frames of a minibatch.</summary>
    [Option("batch", Min = 1, Max = 1 << 24)]
    public int Batch { get; init; } = 100;

    /// <summary>The standard deviation of the initial weights.</summary>
    [Option("param-stddev", Min = 0)]
    public double ParamStddev { get; init; } = 0.1;

    /// <summary>The number of layers that are trained so, from the first; 0 for all sigmoid layers before the first other one.</summary>
    [Option("layers", Min = 0, Max = 1000)]
    public int Layers { get; init; }
}
