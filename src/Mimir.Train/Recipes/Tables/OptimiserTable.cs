using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The kinds of optimiser and their keys.</summary>
internal static class OptimiserTable
{
    private static readonly ValueKind<double> FromZero = Kinds.Number(0);
    private static readonly ValueKind<double> Share = Kinds.Number(0, 1, open: true);

    /// <summary>Gets the choice of optimisers.</summary>
    public static OneOfKind<OptimiserRecipe> Optimiser { get; } = new("an optimiser",
    [
        new Variant<OptimiserRecipe, SgdRecipe>(
            "sgd", new(), "Stochastic gradient descent as nnet1 does it: the gradient is summed over the minibatch.", new()
        {
            {
                "rate", o => o.Rate, (o, v) => o with { Rate = v }, Kinds.Positive,
                "The learning rate at the start, for the gradient of one frame."
            },
            {
                "momentum", o => o.Momentum, (o, v) => o with { Momentum = v }, Share,
                "The share of the last step that goes into the next."
            },
            {
                "l2", o => o.L2, (o, v) => o with { L2 = v }, FromZero,
                "Weight decay: each frame takes rate * l2 * W from the weights."
            },
            {
                "l1", o => o.L1, (o, v) => o with { L1 = v }, FromZero,
                "Each frame takes rate * l1 * sign(W) from the weights, stopping at 0."
            },
            {
                "max-gradient", o => o.MaxGradient, (o, v) => o with { MaxGradient = v }, FromZero,
                "The largest absolute value of any part of the step's gradient; 0 for no limit."
            },
            {
                "max-gradient-norm", o => o.MaxGradientNorm, (o, v) => o with { MaxGradientNorm = v }, FromZero,
                "The largest norm of the step's gradient as a whole, which is scaled down to it; 0 for no limit."
            },
        }),
        new Variant<OptimiserRecipe, AdamRecipe>(
            "adam", new(), "Adam (Kingma and Ba, 2015) on the mean gradient over the minibatch.", new()
        {
            {
                "rate", o => o.Rate, (o, v) => o with { Rate = v }, Kinds.Positive,
                "The learning rate at the start."
            },
            {
                "beta1", o => o.Beta1, (o, v) => o with { Beta1 = v }, Share,
                "How slowly the mean of the gradients changes."
            },
            {
                "beta2", o => o.Beta2, (o, v) => o with { Beta2 = v }, Share,
                "How slowly the mean of the squared gradients changes."
            },
            {
                "epsilon", o => o.Epsilon, (o, v) => o with { Epsilon = v }, Kinds.Positive,
                "What is added to the root of the mean square."
            },
            {
                "l2", o => o.L2, (o, v) => o with { L2 = v }, FromZero,
                "Weight decay: each step takes rate * l2 * W from the weights."
            },
            {
                "max-gradient", o => o.MaxGradient, (o, v) => o with { MaxGradient = v }, FromZero,
                "The largest absolute value of any part of the step's gradient; 0 for no limit."
            },
            {
                "max-gradient-norm", o => o.MaxGradientNorm, (o, v) => o with { MaxGradientNorm = v }, FromZero,
                "The largest norm of the step's gradient as a whole, which is scaled down to it; 0 for no limit."
            },
        }),
    ]);
}
