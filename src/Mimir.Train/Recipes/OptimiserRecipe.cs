namespace Mimir.Train.Recipes;

/// <summary>How a gradient changes the parameters; the one key of <c>train.optimiser</c> is its kind.</summary>
public abstract record OptimiserRecipe
{
    /// <summary>The learning rate at the start.</summary>
    public abstract double Rate { get; init; }
}

/// <summary>
/// <c>sgd</c>: stochastic gradient descent as nnet1 does it: v = momentum v + g, W = W - rate v, where g is the sum (not the
/// mean) over the frames of a minibatch.
/// </summary>
public sealed record SgdRecipe : OptimiserRecipe
{
    /// <summary>The learning rate at the start, for the gradient of one frame. The default is 0.008.</summary>
    public override double Rate { get; init; } = 0.008;

    /// <summary>The share of the last step that goes into the next, from 0 up to, not including, 1. The default is 0.</summary>
    public double Momentum { get; init; }

    /// <summary>Weight decay: each frame takes rate * l2 * W from the weights (not the biases). The default is 0.</summary>
    public double L2 { get; init; }

    /// <summary>Each frame takes rate * l1 * sign(W) from the weights (not the biases), stopping at 0. The default is 0.</summary>
    public double L1 { get; init; }

    /// <summary>The largest absolute value of any part of the step's gradient; 0, the default, is no limit.</summary>
    public double MaxGradient { get; init; }

    /// <summary>The largest norm of the step's gradient as a whole, which is scaled down to it; 0, the default, is no limit.</summary>
    public double MaxGradientNorm { get; init; }
}

/// <summary><c>adam</c>: Adam (Kingma and Ba, 2015) on the mean gradient over the frames of a minibatch.</summary>
public sealed record AdamRecipe : OptimiserRecipe
{
    /// <summary>The learning rate at the start. The default is 0.001.</summary>
    public override double Rate { get; init; } = 0.001;

    /// <summary>How slowly the mean of the gradients changes. The default is 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How slowly the mean of the squared gradients changes. The default is 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What is added to the root of the mean square. The default is 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay: each step takes rate * l2 * W from the weights (not the biases). The default is 0.</summary>
    public double L2 { get; init; }

    /// <summary>The largest absolute value of any part of the step's gradient; 0, the default, is no limit.</summary>
    public double MaxGradient { get; init; }

    /// <summary>The largest norm of the step's gradient as a whole, which is scaled down to it; 0, the default, is no limit.</summary>
    public double MaxGradientNorm { get; init; }
}
