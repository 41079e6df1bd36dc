using static Mimir.Kaldi.Nnet1.FieldKind;

namespace Mimir.Kaldi.Nnet1;

/// <summary>The components of nnet1 that are carried, with the tokens and line ends of Kaldi's files.</summary>
internal static class ComponentLayouts
{
    private const string Line = "\n";

    private static readonly ComponentLayout[] All =
    [
        new(
            "ConvolutionalComponent",
            ComponentChecks.Convolution,
            new("PatchDim", Int),
            new("PatchStep", Int),
            new("PatchStride", Int) { AfterValue = Line },
            Rate("LearnRateCoef"),
            Rate("BiasLearnRateCoef"),
            Number("MaxNorm", 0) with { AfterValue = Line },
            new("Filters", Matrix) { AfterToken = Line },
            new("Bias", Vector) { AfterToken = Line }),
        new(
            "RecurrentComponent",
            ComponentChecks.Recurrent,
            Number("GradClip", 0),
            Number("DiffClip", 0),
            Rate("LearnRateCoef"),
            Rate("BiasLearnRateCoef") with { AfterValue = Line },
            Unmarked("w_forward_", Matrix),
            Unmarked("w_recurrent_", Matrix),
            Unmarked("bias_", Vector)),
        new("HiddenSoftmax", ComponentChecks.Square),
        new("BlockSoftmax", ComponentChecks.Blocks, Unmarked("BlockDims", IntVector)),
        new("LengthNormComponent", ComponentChecks.Square),
        new(
            "Rbm",
            ComponentChecks.Rbm,
            Unmarked("VisibleType", Word),
            Unmarked("HiddenType", Word),
            Unmarked("Weights", Matrix),
            Unmarked("VisibleBias", Vector),
            Unmarked("HiddenBias", Vector)),
        new("KlHmm", ComponentChecks.KlHmm, Unmarked("Statistics", DoubleMatrix)),
        Pooling("AveragePoolingComponent"),
        Pooling("MaxPoolingComponent"),
        new(
            "SentenceAveragingComponent",
            ComponentChecks.SentenceAveraging,
            Unmarked("NestedNnet", Network)),
        new(
            "SimpleSentenceAveragingComponent",
            ComponentChecks.Square,
            Number("GradientBoost", 100),
            Number("Shrinkage", 0),
            new("OnlySumming", Bool) { Default = new BoolField("OnlySumming", false) }),
        new(
            "FramePoolingComponent",
            ComponentChecks.FramePooling,
            new("FeatureDim", Int),
            new("LearnRateCoef", Float),
            new("Normalize", Bool),
            new("FrameOffset", IntVector),
            new("FrameWeight", Vectors)),
        new(
            "ParallelComponent",
            ComponentChecks.Parallel,
            new FieldLayout("NestedNnetCount", Networks) { Item = "NestedNnet", End = "/ParallelComponent" }),
        new(
            "MultiBasisComponent",
            ComponentChecks.MultiBasis,
            Rate("SelectorLearnRateCoef") with { AfterValue = Line + Line },
            new("Selector", Network) { AfterToken = Line, AfterValue = Line },
            new("NumBasis", Networks) { Item = "Basis" }),
    ];

    /// <summary>The layout of a component by its name in any case, or null.</summary>
    public static ComponentLayout? Find(string name) =>
        Array.Find(All, layout => string.Equals(layout.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The layout of a component that is there.</summary>
    /// <exception cref="ArgumentException">Nothing carried has that name.</exception>
    public static ComponentLayout Of(string name) => Find(name) ?? throw new ArgumentException($"<{name}> is no component of nnet1.");

    private static FieldLayout Number(string name, float usual) => new(name, Float) { Default = new FloatField(name, usual) };

    private static FieldLayout Rate(string name) => Number(name, 1);

    private static FieldLayout Unmarked(string name, FieldKind kind) => new(name, kind) { Marked = false };

    private static ComponentLayout Pooling(string name) =>
        new(name, ComponentChecks.Pooling, new("PoolSize", Int), new("PoolStep", Int), new("PoolStride", Int));
}
