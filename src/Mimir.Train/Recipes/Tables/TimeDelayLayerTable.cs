using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of the time-delay layers.</summary>
internal static class TimeDelayLayerTable
{
    /// <summary>Gets the layers.</summary>
    public static IReadOnlyList<Variant<LayerRecipe>> Layers { get; } =
    [
        LayerVariant.Of<TdnnLayer>(
            "tdnn", "An affine transform of several frames of the same utterance side by side; the ends of the utterance repeat.", new()
        {
            { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The number of outputs.", true },
            {
                "offsets", l => l.Offsets, (l, v) => l with { Offsets = v }, LayerKinds.Offsets,
                "The frames that it takes, relative to its own, each once."
            },
            { LayerKeys.Activation, l => l.Activation, (l, v) => l with { Activation = v } },
            {
                "stride", l => l.Stride, (l, v) => l with { Stride = v }, Kinds.Whole(1, 1000),
                "Every how many frames, from the first of an utterance (or chunk), it is computed; its value is held for the frames between."
            },
            { LayerKeys.BatchNorm, l => l.BatchNorm, (l, v) => l with { BatchNorm = v } },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            { LayerKeys.ParamStddev, l => l.ParamStddev, (l, v) => l with { ParamStddev = v } },
            { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
            { LayerKeys.BiasLearnRateCoef, l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v } },
            { LayerKeys.MaxNorm, l => l.MaxNorm, (l, v) => l with { MaxNorm = v } },
        }),
        LayerVariant.Of<TdnnfLayer>(
            "tdnnf",
            "A factorised time-delay layer, Kaldi's tdnnf-layer: a semi-orthogonal bottleneck, ReLU, batch normalisation, dropout, "
            + "and its input added.",
            new()
        {
            { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The number of outputs.", true },
            {
                "bottleneck", l => l.Bottleneck, (l, v) => l with { Bottleneck = v }, LayerKinds.Dim,
                "The number of values in between, below `dim`.", true
            },
            {
                "time-stride", l => l.TimeStride, (l, v) => l with { TimeStride = v }, Kinds.Whole(-1000, 1000),
                "The bottleneck sees its frame and the one so many before, what follows it sees the one so many behind; 0 for neither."
            },
            {
                "bypass-scale", l => l.BypassScale, (l, v) => l with { BypassScale = v }, Kinds.Number(-1, 1),
                "What the input is multiplied with where it is added to the output; 0 adds nothing. An input of another dimension is not added."
            },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            { LayerKeys.Repeat, l => l.Repeat, (l, v) => l with { Repeat = v } },
            {
                "learn-rate-coef", l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v }, LayerKinds.FromZero,
                "What the learning rate is multiplied with."
            },
        }),
        LayerVariant.Of<DfsmnLayer>(
            "dfsmn",
            "A linear projection, a memory of weighted earlier and later frames (zeros beyond the ends of an utterance) that adds "
            + "to the memory of the dfsmn layer before, and an affine transform with ReLU.",
            new()
        {
            { "dim", l => l.Dim, (l, v) => l with { Dim = v }, LayerKinds.Dim, "The number of outputs.", true },
            {
                "projection", l => l.Projection, (l, v) => l with { Projection = v }, LayerKinds.Dim,
                "The number of values of the memory.", true
            },
            {
                "left", l => l.Left, (l, v) => l with { Left = v }, Kinds.Whole(0, 1000),
                "The number of earlier frames of the memory."
            },
            {
                "right", l => l.Right, (l, v) => l with { Right = v }, Kinds.Whole(0, 1000),
                "The number of later frames of the memory."
            },
            {
                "left-stride", l => l.LeftStride, (l, v) => l with { LeftStride = v }, Kinds.Whole(1, 1000),
                "The distance of the earlier frames from each other."
            },
            {
                "right-stride", l => l.RightStride, (l, v) => l with { RightStride = v }, Kinds.Whole(1, 1000),
                "The distance of the later frames from each other."
            },
            {
                "skip", l => l.Skip, (l, v) => l with { Skip = v }, Kinds.Flag,
                "Whether the memory of the dfsmn layer right before, where it has the same size, is added."
            },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            { LayerKeys.Repeat, l => l.Repeat, (l, v) => l with { Repeat = v } },
            {
                "learn-rate-coef", l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v }, LayerKinds.FromZero,
                "What the learning rate is multiplied with."
            },
        }),
    ];
}
