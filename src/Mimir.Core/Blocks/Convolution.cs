using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A convolution over time and frequency. A frame is a feature map: so many frequencies times some channels.</summary>
/// <remarks>
/// The channels of one frequency lie side by side, in the input and in the output, which has a channel a filter. The ends of a
/// sequence repeat in time, as in Kaldi's Splice; beyond the lowest and the highest frequency there are zeros. It needs
/// sequences unless its one time offset is 0. W is <c>[Filters, times * KernelHeight * channels]</c>.
/// </remarks>
public sealed record ConvolutionSpec : BlockSpec
{
    /// <summary>The number of frequencies of the input, whose dimension is a multiple of it.</summary>
    public required int Height { get; init; }

    /// <summary>The number of filters, which are the channels of the output.</summary>
    [Option("filters", Min = 1, Max = 1 << 20, Required = true)]
    public required int Filters { get; init; }

    /// <summary>The frames of the kernel relative to the output frame, each once.</summary>
    [JsonRequired]
    [Option("times", Min = -1000, Max = 1000, Expected = "a list of whole numbers such as [-3, 0, 3]")]
    public IReadOnlyList<int> TimeOffsets { get; init; } = [-1, 0, 1];

    /// <summary>The number of frequencies of the kernel.</summary>
    [JsonRequired]
    [Option("kernel", Min = 1, Max = 1 << 16)]
    public int KernelHeight { get; init; } = 3;

    /// <summary>The step in frequencies from output to output.</summary>
    [JsonRequired]
    [Option("stride", Min = 1, Max = 1 << 16)]
    public int Stride { get; init; } = 1;

    /// <summary>The number of zero frequencies at either end, below the height of the kernel.</summary>
    [JsonRequired]
    public int Padding { get; init; }

    /// <summary>The non-linearity after the convolution.</summary>
    [JsonRequired]
    [Option("activation")]
    public Activation Activation { get; init; }

    /// <summary>The standard deviation of the initial weights, which are normal with mean 0.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>The mean of the initial biases, which are uniform.</summary>
    [JsonRequired]
    public float BiasMean { get; init; }

    /// <summary>The width of the uniform distribution of the initial biases.</summary>
    [JsonRequired]
    public float BiasRange { get; init; }

    /// <summary>The factor on the learning rate of the weights.</summary>
    [JsonRequired]
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>The factor on the learning rate of the biases.</summary>
    [JsonRequired]
    [Option("bias-learn-rate-coef", Min = 0)]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the number of frequencies of the output: as many whole steps as fit.</summary>
    [JsonIgnore]
    public int OutputHeight => FeatureMapWindow.OutputHeight(Height, KernelHeight, Stride, Padding);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConvolutionBlock(this, inputDim);
}

/// <summary>Computes a <see cref="ConvolutionSpec"/> with one call of a kernel each way.</summary>
internal sealed class ConvolutionBlock : Block
{
    private readonly ConvolutionSpec _spec;
    private readonly FeatureMapWindow _window;
    private readonly Kernels.FeatureMap _shape;
    private readonly int _patchSize;
    private Tensor? _weight, _bias, _weightGradient, _biasGradient;

    public ConvolutionBlock(ConvolutionSpec spec, int inputDim)
        : base(Math.Max(0, spec.OutputHeight * spec.Filters))
    {
        if (spec.Filters < 1)
            throw new ArgumentException($"a convolution needs at least 1 filter, got {spec.Filters}");

        _spec = spec;
        _window = new FeatureMapWindow(inputDim, spec.Height, spec.TimeOffsets, spec.KernelHeight, spec.Stride, spec.Padding);
        _shape = _window.Shape with { Filters = spec.Filters };
        _patchSize = spec.TimeOffsets.Count * spec.KernelHeight * (inputDim / spec.Height);
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("weight", [_spec.Filters, _patchSize]) { RateFactor = _spec.LearnRateCoef, DecayFactor = 1 },
        new("bias", [_spec.Filters]) { RateFactor = _spec.BiasLearnRateCoef },
    ];

    public override IReadOnlyList<FactoredParameters> Factored =>
        [new([0, 1], _spec.Filters, _patchSize + 1) { HasBias = true, OfGradient = true }];

    public override (Activation Activation, int Units) Nonlinearity => (_spec.Activation, _spec.Filters);

    public override bool FusesStep => true;

    public override bool NeedsSequences => _window.NeedsSequences;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type) =>
        (_weight, _bias, _weightGradient, _biasGradient) = (values[0], values[1], gradients[0], gradients[1]);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
        [Parameters[0].Normal(random, _spec.ParamStddev), Parameters[1].Uniform(random, _spec.BiasMean, _spec.BiasRange)];

    // At each output frequency y = activation(W patch + b), the patch in the order of time, frequency, channel.
    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var rows = _window.RowsOf(pass);
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_convolution_forward(
                inputs[0].Rows, in _shape, inputs[0], rows, _weight, _bias, (int)_spec.Activation, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var patches = _window.PatchesOf(inputs[0], rows).reshape(-1, _patchSize);
        output.view(-1, _spec.Filters).copy_(patches.mm(_weight!.t()).Accumulate(_bias!));
        Activations.Apply(output, _spec.Activation);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // As an affine transform of the patches; a fused step writes to the parameters instead of the gradients.
        var rows = _window.RowsOf(pass);
        var fused = pass.StepRate is not null;
        var (dw, db) = fused ? (_weight!, _bias!) : (_weightGradient!, _biasGradient!);
        var activation = Repaired(pass, output, outputGradient);
        var (alphaW, alphaB) = (pass.GradientScale(_spec.LearnRateCoef), pass.GradientScale(_spec.BiasLearnRateCoef));
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_convolution_backward(
                inputs[0].Rows, in _shape, inputs[0], rows, _weight, output, (int)activation, outputGradient, inputGradients[0],
                dw, db, alphaW, alphaB, pass.TargetScale));
            return;
        }

        using var scope = torch.NewDisposeScope();
        Activations.MultiplyDerivative(outputGradient, output, activation);
        var dz = outputGradient.view(-1, _spec.Filters);
        if (inputGradients[0] is { } dx)
        {
            dx.fill_(Scalars.Of(0));
            _window.AddPatches(dz.mm(_weight!), rows, dx);
        }

        if (!fused)
        {
            dw.fill_(Scalars.Of(0));
            db.fill_(Scalars.Of(0));
        }

        dw.add_(dz.t().mm(_window.PatchesOf(inputs[0], rows).reshape(-1, _patchSize)), Scalars.Of(alphaW));
        db.add_(dz.sum(dim: 0), Scalars.Of(alphaB));
    }
}

/// <summary>The window of a convolution or a pooling on a feature map, and the batch rows of its time offsets.</summary>
internal sealed class FeatureMapWindow
{
    private readonly IReadOnlyList<int> _times;
    private int[]? _rows;
    private SequenceLayout? _sequences;

    /// <summary>Checks a window.</summary>
    /// <exception cref="ArgumentException">The window does not fit the feature map.</exception>
    public FeatureMapWindow(int inputDim, int height, IReadOnlyList<int> times, int kernel, int stride, int padding)
    {
        if (height < 1 || inputDim % height != 0)
            throw new ArgumentException($"{inputDim} values are not {height} frequencies times some channels");
        if (times.Count == 0 || times.Distinct().Count() != times.Count)
            throw new ArgumentException($"time offsets are needed, each once, got [{string.Join(", ", times)}]");
        if (kernel < 1 || stride < 1 || padding < 0 || padding >= kernel || kernel > height + (2 * padding))
        {
            throw new ArgumentException(
                $"a window of {kernel} frequencies with steps of {stride} and {padding} of padding does not fit {height}");
        }

        _times = times;
        Shape = new()
        {
            Height = height,
            Channels = inputDim / height,
            Time = times.Count,
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
            OutputHeight = OutputHeight(height, kernel, stride, padding),
        };
    }

    /// <summary>Gets feature map and window as the kernels take them, without the number of filters.</summary>
    public Kernels.FeatureMap Shape { get; }

    /// <summary>True when the window spans other frames.</summary>
    public bool NeedsSequences => _times is not [0];

    /// <summary>The number of output frequencies: as many whole steps as fit; 0 where none does.</summary>
    public static int OutputHeight(int height, int kernel, int stride, int padding) =>
        stride < 1 ? 0 : Math.Max(0, (height + (2 * padding) - kernel + stride) / stride);

    /// <summary>For each time offset in turn the input row of each frame of the batch.</summary>
    public int[] RowsOf(in BatchPass pass)
    {
        if (!NeedsSequences)
            return _rows?.Length == pass.Rows.Length ? _rows : _rows = [.. Enumerable.Range(0, pass.Rows.Length)];

        var sequences = pass.RequiredSequences;
        if (_rows is null || !ReferenceEquals(sequences, _sequences))
            (_rows, _sequences) = ([.. _times.SelectMany(sequences.Neighbours)], sequences);

        return _rows;
    }

    /// <summary>The patches under the window in TorchSharp's operations, <c>[N, OutputHeight, Time, Kernel, Channels]</c>.</summary>
    /// <param name="x">The feature maps, <c>[N, Height * Channels]</c>.</param>
    /// <param name="rows">The rows of <see cref="RowsOf"/>.</param>
    public Tensor PatchesOf(Tensor x, int[] rows)
    {
        var frames = x.index_select(0, Tensor.Indices(Device.Of(x), rows)).view(Shape.Time, x.Rows, Shape.Height, Shape.Channels);
        var padded = torch.nn.functional.pad(frames, [0, 0, Shape.Padding, PaddedHeight - Shape.Padding - Shape.Height]);
        return padded.unfold(2, Shape.Kernel, Shape.Stride).permute(1, 2, 0, 4, 3);
    }

    /// <summary>Adds a gradient of patches to the gradient of the feature maps that they come from.</summary>
    /// <param name="patches">As many elements as those of <see cref="PatchesOf"/>.</param>
    /// <param name="rows">The rows of <see cref="RowsOf"/>.</param>
    /// <param name="dx">The gradient to add to, <c>[N, Height * Channels]</c>.</param>
    public void AddPatches(Tensor patches, int[] rows, Tensor dx)
    {
        // Patches overlap in frequency, then in time.
        var parts = patches.view(dx.Rows, Shape.OutputHeight, Shape.Time, Shape.Kernel, Shape.Channels).permute(1, 2, 0, 3, 4);
        var padded = patches.new_zeros(Shape.Time, dx.Rows, PaddedHeight, Shape.Channels);
        for (var h = 0; h < Shape.OutputHeight; h++)
            padded.narrow(2, h * Shape.Stride, Shape.Kernel).Accumulate(parts.select(0, h));

        var frames = padded.narrow(2, Shape.Padding, Shape.Height).reshape(rows.Length, dx.Columns);
        RowMoves.Add(frames, Tensor.Indices(Device.Of(dx), rows), dx);
    }

    // The padding at the bottom, and as much at the top as the last window reaches.
    private long PaddedHeight =>
        Math.Max(Shape.Padding + Shape.Height, ((Shape.OutputHeight - 1) * Shape.Stride) + Shape.Kernel);
}
