using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>
/// A convolution over time and frequency. A frame is a number of frequencies times a number of channels, the channels of one
/// frequency side by side. The ends of an utterance repeat in time; beyond the frequencies there are zeros.
/// </summary>
public sealed record ConvolutionLayer : LayerRecipe
{
    /// <summary>The convolution; height, padding and initial values are those below.</summary>
    [IncludeOptions]
    public ConvolutionSpec Convolution { get; init; } = new() { Height = 0, Filters = 0, Activation = Activation.Relu };

    /// <summary>
    /// The number of frequencies of the input, whose number of values is a multiple of it; without it that of the conv2d or
    /// max-pool before.
    /// </summary>
    [Option("height", Min = 1, Max = 1 << 16)]
    public int? Height { get; init; }

    /// <summary>The number of zeros at either end of the frequencies, below <c>kernel</c>; without it (kernel - 1) / 2.</summary>
    [Option("padding", Min = 0, Max = 1 << 16)]
    public int? Padding { get; init; }

    /// <summary>
    /// True: the input has one channel after another, as features with deltas and spliced frames do. It is then reordered first.
    /// </summary>
    [Option("channels-apart")]
    public bool ChannelsApart { get; init; }

    /// <summary>True: batch normalisation, of each frequency and channel, follows the activation.</summary>
    [Option("batch-norm")]
    public bool BatchNorm { get; init; }

    /// <summary>The share of outputs that dropout sets to zero in training.</summary>
    [Option("dropout", Min = 0, Max = 1, MaxExcluded = true)]
    public double Dropout { get; init; }

    /// <summary>The standard deviation of the initial weights; without it that of <c>affine</c>.</summary>
    [Option("param-stddev", Min = 0)]
    public double? ParamStddev { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Convolution.TimeOffsets is [0] ? Sequencing.Frame : Sequencing.Whole;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems
    {
        get
        {
            foreach (var problem in FrameOffsets.Problems("times", Convolution.TimeOffsets))
                yield return problem;
            if (Padding >= Convolution.KernelHeight)
                yield return ("padding", $"expected less than kernel, {Convolution.KernelHeight}, got {Padding}");
        }
    }

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var input = inputs[0];
        var height = FrequencyAxis.HeightOf("conv2d", Height, input);
        var channels = input.Dim / height;
        if (ChannelsApart && channels > 1)
        {
            var order = Enumerable.Range(0, input.Dim).Select(i => (i % channels * height) + (i / channels)).ToList();
            input = nodes.Add(Name is null ? nodes.NewName("copy") : $"{Name}.copy", new CopySpec(order), input, input.Dim);
        }

        var (activation, filters, kernel) = (Convolution.Activation, Convolution.Filters, Convolution.KernelHeight);
        var start = InitialWeights.Of(activation, Convolution.TimeOffsets.Count * kernel * channels, filters, input.Signal);
        var spec = Convolution with
        {
            Height = height,
            Padding = Padding ?? (kernel - 1) / 2,
            ParamStddev = (float)(ParamStddev ?? start.ParamStddev),
            BiasMean = start.BiasMean,
            BiasRange = start.BiasRange,
        };
        var dim = FrequencyAxis.Fitting("conv2d", spec.OutputHeight, height) * filters;
        var port = nodes.Add(Name ?? nodes.NewName("conv"), spec, input, dim, InitialWeights.SignalOf(activation));
        return nodes.Regularise(Name, port, BatchNorm, Dropout) with { Height = spec.OutputHeight };
    }
}

/// <summary>The greatest value of a window over time and frequency, in each channel; every frame has a window.</summary>
public sealed record MaxPoolLayer : LayerRecipe
{
    /// <summary>The window; height and stride are those below.</summary>
    [IncludeOptions]
    public MaxPoolSpec Window { get; init; } = new() { Height = 0, Stride = 0 };

    /// <summary>
    /// The number of frequencies of the input, whose number of values is a multiple of it; without it that of the conv2d or
    /// max-pool before.
    /// </summary>
    [Option("height", Min = 1, Max = 1 << 16)]
    public int? Height { get; init; }

    /// <summary>The step in frequencies; without it <c>kernel</c>. Frequencies that are left over at the top are ignored.</summary>
    [Option("stride", Min = 1, Max = 1 << 16)]
    public int? Stride { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Window.TimeOffsets is [0] ? Sequencing.Frame : Sequencing.Whole;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems => FrameOffsets.Problems("times", Window.TimeOffsets);

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var input = inputs[0];
        var height = FrequencyAxis.HeightOf("max-pool", Height, input);
        var spec = Window with { Height = height, Stride = Stride ?? Window.KernelHeight };
        var dim = FrequencyAxis.Fitting("max-pool", spec.OutputHeight, height) * (input.Dim / height);
        return nodes.Add(Name ?? nodes.NewName("max-pool"), spec, input, dim) with { Height = spec.OutputHeight };
    }
}

/// <summary>The frequencies of layers that see a frame as frequencies times channels.</summary>
internal static class FrequencyAxis
{
    /// <summary>The number of frequencies of an input.</summary>
    /// <param name="kind">The kind of layer.</param>
    /// <param name="given">The number in the recipe, or null.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="InputException">The number is unknown, or the input's values are no multiple of it.</exception>
    public static int HeightOf(string kind, int? given, Port input)
    {
        var height = given ?? input.Height;
        if (height == 0)
        {
            throw new InputException(
                $"model: a {kind} layer takes '{input.Node}', which is no conv2d or max-pool; say the frequencies of its {input.Dim} "
                + "values with height.");
        }

        return input.Dim % height == 0 ? height : throw new InputException(
            $"model: a {kind} layer has height {height}, and the {input.Dim} values of '{input.Node}' are no multiple of it.");
    }

    /// <summary>The number of frequencies of an output, when the kernel fits.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static int Fitting(string kind, int outputHeight, int height) => outputHeight > 0 ? outputHeight : throw new InputException(
        $"model: the kernel of a {kind} layer does not fit {height} frequencies; make kernel smaller or padding greater.");
}
