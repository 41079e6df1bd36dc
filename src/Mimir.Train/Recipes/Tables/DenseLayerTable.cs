using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of the layers that know one frame at a time.</summary>
internal static class DenseLayerTable
{
    /// <summary>Gets the layers.</summary>
    public static IReadOnlyList<Variant<LayerRecipe>> Layers { get; } =
    [
        LayerVariant.Of<AffineLayer>("affine", "y = activation(W x + b).", new()
        {
            { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The number of outputs.", true },
            { LayerKeys.Activation, l => l.Activation, (l, v) => l with { Activation = v } },
            { LayerKeys.Repeat, l => l.Repeat, (l, v) => l with { Repeat = v } },
            { LayerKeys.BatchNorm, l => l.BatchNorm, (l, v) => l with { BatchNorm = v } },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            {
                "param-stddev", l => l.ParamStddev, (l, v) => l with { ParamStddev = v }, LayerKinds.Stddev,
                "The standard deviation of the initial weights; without it nnet1's 3.5 sqrt(2 / (inputs + outputs)), for ReLU sqrt(2 / inputs)."
            },
            {
                "bias-mean", l => l.BiasMean, (l, v) => l with { BiasMean = v }, new OptionalNumber<double>(Kinds.Number()),
                "The middle of the initial biases; without it nnet1's -2 for the sigmoid and 0 for the others."
            },
            {
                "bias-range", l => l.BiasRange, (l, v) => l with { BiasRange = v }, new OptionalNumber<double>(LayerKinds.FromZero),
                "The width of the initial biases; without it nnet1's 4 for the sigmoid and 0 for the others."
            },
            { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
            { LayerKeys.BiasLearnRateCoef, l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v } },
            { LayerKeys.MaxNorm, l => l.MaxNorm, (l, v) => l with { MaxNorm = v } },
        }),
        LayerVariant.Of<BatchNormLayer>("batch-norm", "Each dimension to zero mean and unit variance over a minibatch, then scaled and shifted.", new()
        {
            {
                "epsilon", l => l.Epsilon, (l, v) => l with { Epsilon = v }, Kinds.Positive,
                "What is added to the variance."
            },
            {
                "momentum", l => l.Momentum, (l, v) => l with { Momentum = v }, Kinds.Number(0, 1),
                "The weight of a new minibatch in the running statistics."
            },
        }),
        LayerVariant.Of<DropoutLayer>("dropout", "Sets a random share of the values to zero in training and scales the others up.", new()
        {
            { "rate", l => l.Rate, (l, v) => l with { Rate = v }, LayerKinds.Share, "The share that is set to zero." },
        }),
        LayerVariant.Of<SoftmaxLayer>("softmax", "The output layer: an affine transform and the softmax.", new()
        {
            {
                "dim", l => l.Dim, (l, v) => l with { Dim = v }, new OptionalNumber<int>(LayerKinds.Dim),
                "The number of classes; without it as many as the transition model has pdfs."
            },
            {
                "param-stddev", l => l.ParamStddev, (l, v) => l with { ParamStddev = v }, LayerKinds.Stddev,
                "The standard deviation of the initial weights; without it nnet1's 3.5 sqrt(2 / (inputs + outputs)), behind `lstm` and `blstm` 0.1."
            },
            {
                "tanh", l => l.Tanh, (l, v) => l with { Tanh = v }, new OptionalNumber<bool>(Kinds.Flag),
                "Whether the hyperbolic tangent comes before it; without it as in nnet1's prototypes: behind `lstm` and `blstm`."
            },
            { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
            {
                "bias-learn-rate-coef", l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v }, new OptionalNumber<double>(LayerKinds.FromZero),
                "What the learning rate is multiplied with for the biases; without it nnet1's 0.1, behind `lstm` and `blstm` 1."
            },
            {
                "max-norm", l => l.MaxNorm, (l, v) => l with { MaxNorm = v }, LayerKinds.FromZero,
                "The largest length of a class's weight vector; 0 for no limit."
            },
        }),
    ];
}
