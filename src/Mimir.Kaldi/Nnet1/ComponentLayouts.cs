using static Mimir.Kaldi.Nnet1.FieldKind;

namespace Mimir.Kaldi.Nnet1;

/// <summary>The fields of a <see cref="GenericComponent"/> in Kaldi's files.</summary>
/// <param name="Name">Its token without angle brackets.</param>
/// <param name="Check">Returns the error in a component's sizes, or null.</param>
/// <param name="Fields">Its data in the order of Kaldi's files.</param>
internal sealed record ComponentLayout(string Name, Func<GenericComponent, string?> Check, params IReadOnlyList<FieldLayout> Fields)
{
    /// <summary>Makes a component whose sizes fit together.</summary>
    /// <param name="inputs">The size of its input.</param>
    /// <param name="outputs">The size of its output.</param>
    /// <param name="fields">A value for each field, in order.</param>
    /// <exception cref="ArgumentException">The sizes contradict each other.</exception>
    public GenericComponent Create(int inputs, int outputs, params IReadOnlyList<NnetField> fields)
    {
        var component = new GenericComponent(Name, inputs, outputs, fields);
        return Check(component) is { } problem ? throw new ArgumentException($"{Name}: {problem}") : component;
    }

    /// <summary>Finds the index of a field by its token, with angle brackets and in any case; -1 for none.</summary>
    public int IndexOf(string token)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Marked && string.Equals(token, $"<{Fields[i].Name}>", StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}

/// <summary>A field of a component in Kaldi's files.</summary>
/// <param name="Name">Its token without angle brackets.</param>
/// <param name="Kind">Its type.</param>
internal sealed record FieldLayout(string Name, FieldKind Kind)
{
    /// <summary>True when the token stands before the value; otherwise the position identifies the field.</summary>
    public bool Marked { get; init; } = true;

    /// <summary>Gets the field of a file that lacks it; null for a mandatory field.</summary>
    public NnetField? Default { get; init; }

    /// <summary>Gets the white space between the token and the value in text files.</summary>
    public string AfterToken { get; init; } = "";

    /// <summary>Gets the white space after the value in text files.</summary>
    public string AfterValue { get; init; } = "";

    /// <summary>Gets the token before each of several networks, without angle brackets.</summary>
    public string Item { get; init; } = "";

    /// <summary>Gets the token after the last of several networks, without angle brackets; empty for none.</summary>
    public string End { get; init; } = "";
}

/// <summary>The types of <see cref="NnetField"/>.</summary>
internal enum FieldKind
{
    Int,
    Float,
    Bool,
    Word,
    IntVector,
    Vector,
    Vectors,
    Matrix,
    DoubleMatrix,
    Network,
    Networks,
}

/// <summary>The layouts of all generic components, with the tokens and line ends of Kaldi's files.</summary>
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

    /// <summary>Finds the layout of a component by its name in any case; null for none.</summary>
    public static ComponentLayout? Find(string name) =>
        Array.Find(All, layout => string.Equals(layout.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the layout of a component.</summary>
    /// <exception cref="ArgumentException">No generic component has that name.</exception>
    public static ComponentLayout Of(string name) => Find(name) ?? throw new ArgumentException($"<{name}> is no component of nnet1.");

    private static FieldLayout Number(string name, float usual) => new(name, Float) { Default = new FloatField(name, usual) };

    private static FieldLayout Rate(string name) => Number(name, 1);

    private static FieldLayout Unmarked(string name, FieldKind kind) => new(name, kind) { Marked = false };

    private static ComponentLayout Pooling(string name) =>
        new(name, ComponentChecks.Pooling, new("PoolSize", Int), new("PoolStep", Int), new("PoolStride", Int));
}
