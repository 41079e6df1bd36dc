using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Max-pooling: the largest value of a window over time and frequency, in each channel.</summary>
/// <remarks>
/// The feature map is that of <see cref="ConvolutionSpec"/>. There is no step in time: every frame has a window of its own,
/// which repeats the ends of the sequence.
/// </remarks>
public sealed record MaxPoolSpec : BlockSpec
{
    /// <summary>The number of frequencies of the input, whose dimension is a multiple of it.</summary>
    public required int Height { get; init; }

    /// <summary>The frames of the window relative to the output frame, each once.</summary>
    [JsonRequired]
    [Option("times", Min = -1000, Max = 1000, Expected = "a list of whole numbers such as [-3, 0, 3]")]
    public IReadOnlyList<int> TimeOffsets { get; init; } = [0];

    /// <summary>The number of frequencies of the window.</summary>
    [JsonRequired]
    [Option("kernel", Min = 1, Max = 1 << 16)]
    public int KernelHeight { get; init; } = 2;

    /// <summary>The step in frequencies from output to output; a rest at the top is left out.</summary>
    public required int Stride { get; init; }

    /// <summary>Gets the number of frequencies of the output: as many whole steps as fit.</summary>
    [JsonIgnore]
    public int OutputHeight => FeatureMapWindow.OutputHeight(Height, KernelHeight, Stride, 0);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new MaxPoolBlock(this, inputDim);
}

/// <summary>Computes a <see cref="MaxPoolSpec"/>.</summary>
internal sealed class MaxPoolBlock : Block
{
    private readonly FeatureMapWindow _window;
    private readonly Kernels.FeatureMap _shape;

    public MaxPoolBlock(MaxPoolSpec spec, int inputDim)
        : base(spec.OutputHeight * (inputDim / Math.Max(1, spec.Height)))
    {
        _window = new FeatureMapWindow(inputDim, spec.Height, spec.TimeOffsets, spec.KernelHeight, spec.Stride, padding: 0);
        _shape = _window.Shape;
    }

    public override bool NeedsSequences => _window.NeedsSequences;

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var rows = _window.RowsOf(pass);
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_max_pool_forward(inputs[0].Rows, in _shape, inputs[0], rows, output));
            return;
        }

        using var scope = torch.NewDisposeScope();
        output.copy_(Pooled(inputs[0], rows).amax(2).view(output.shape));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Searches the largest values again; the gradient goes to the first of them, in the order of time, then frequency.
        if (inputGradients[0] is not { } dx)
            return;

        var rows = _window.RowsOf(pass);
        if (Kernels.Take(output))
        {
            Kernels.Check(Kernels.mimir_max_pool_backward(inputs[0].Rows, in _shape, inputs[0], rows, outputGradient, dx));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var values = Pooled(inputs[0], rows);
        var largest = values.eq(values.amax([2], keepdim: true));
        var first = largest.logical_and(largest.cumsum(2).eq(Scalars.Of(1)));
        dx.fill_(Scalars.Of(0));
        _window.AddPatches(first * outputGradient.view(-1, _shape.OutputHeight, 1, _shape.Channels), rows, dx);
    }

    // The values under the window, [N, OutputHeight, Time * Kernel, Channels].
    private Tensor Pooled(Tensor x, int[] rows) => _window.PatchesOf(x, rows).flatten(2, 3);
}
