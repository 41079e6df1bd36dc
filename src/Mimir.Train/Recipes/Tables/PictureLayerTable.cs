using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of the layers that see a frame as a picture of frequencies times channels.</summary>
internal static class PictureLayerTable
{
    private const string HeightOf =
        "The frequencies of the input, whose number of values is a multiple of it; without it those of the conv2d or max-pool before.";

    private static readonly ValueKind<int> Frequencies = Kinds.Whole(1, 1 << 16);

    /// <summary>Gets the layers.</summary>
    public static IReadOnlyList<Variant<LayerRecipe>> Layers { get; } =
    [
        LayerVariant.Of<ConvolutionLayer>(
            "conv2d",
            "A convolution over time and frequency. A frame is so many frequencies times some channels, the channels of one "
            + "frequency side by side. The ends of an utterance repeat in time; beyond the frequencies there are zeros.",
            new()
        {
            {
                "filters", l => l.Filters, (l, v) => l with { Filters = v }, LayerKinds.Dim,
                "The number of filters: the channels of the output.", true
            },
            { "height", l => l.Height, (l, v) => l with { Height = v }, new OptionalNumber<int>(Frequencies), HeightOf },
            {
                "times", l => l.Times, (l, v) => l with { Times = v }, LayerKinds.Offsets,
                "The frames that the kernel sees, relative to its own, each once."
            },
            {
                "kernel", l => l.Kernel, (l, v) => l with { Kernel = v }, Frequencies,
                "The frequencies that the kernel sees."
            },
            { "stride", l => l.Stride, (l, v) => l with { Stride = v }, Frequencies, "The step in frequencies." },
            {
                "padding", l => l.Padding, (l, v) => l with { Padding = v },
                new OptionalNumber<int>(Kinds.Whole(0, 1 << 16)),
                "The frequencies of zeros at either end, below `kernel`; without it (kernel - 1) / 2."
            },
            {
                "channels-apart", l => l.ChannelsApart, (l, v) => l with { ChannelsApart = v }, Kinds.Flag,
                "Whether the input has one channel after another, as features with deltas and spliced frames do; it is then sorted first."
            },
            { LayerKeys.Activation, l => l.Activation, (l, v) => l with { Activation = v } },
            {
                "batch-norm", l => l.BatchNorm, (l, v) => l with { BatchNorm = v }, Kinds.Flag,
                "Whether batch normalisation, of each frequency and channel, follows the activation."
            },
            { LayerKeys.Dropout, l => l.Dropout, (l, v) => l with { Dropout = v } },
            { LayerKeys.ParamStddev, l => l.ParamStddev, (l, v) => l with { ParamStddev = v } },
            { LayerKeys.LearnRateCoef, l => l.LearnRateCoef, (l, v) => l with { LearnRateCoef = v } },
            { LayerKeys.BiasLearnRateCoef, l => l.BiasLearnRateCoef, (l, v) => l with { BiasLearnRateCoef = v } },
        }),
        LayerVariant.Of<MaxPoolLayer>(
            "max-pool", "The greatest value of a window over time and frequency, in each channel; every frame has a window.", new()
        {
            { "height", l => l.Height, (l, v) => l with { Height = v }, new OptionalNumber<int>(Frequencies), HeightOf },
            {
                "times", l => l.Times, (l, v) => l with { Times = v }, LayerKinds.Offsets,
                "The frames of the window, relative to its own, each once."
            },
            { "kernel", l => l.Kernel, (l, v) => l with { Kernel = v }, Frequencies, "The frequencies of the window." },
            {
                "stride", l => l.Stride, (l, v) => l with { Stride = v }, new OptionalNumber<int>(Frequencies),
                "The step in frequencies; without it `kernel`. What is left over at the top is not seen."
            },
        }),
    ];
}
