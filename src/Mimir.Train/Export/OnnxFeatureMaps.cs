using Mimir.Core.Blocks;
using Mimir.Core.Tensors;

namespace Mimir.Train.Export;

/// <summary>Convolution and pooling of feature maps, and memories, in a graph of ONNX.</summary>
/// <param name="graph">The graph.</param>
/// <param name="time">Its frames.</param>
internal sealed class OnnxFeatureMaps(OnnxGraph graph, OnnxTime time)
{
    /// <summary>A convolution without its non-linearity, as one over frequency whose channels are those of all its frames.</summary>
    public string Convolution(ConvolutionSpec spec, string x, int inputDim, HostTensor weight, HostTensor bias, string name)
    {
        var (times, kernel, channels) = (spec.TimeOffsets.Count, spec.KernelHeight, inputDim / spec.Height);

        // [T, times * H * C] becomes [T, times * C, H].
        var spliced = time.Splice(x, spec.TimeOffsets, $"{name}.spliced");
        var maps = Reshape(spliced, $"{name}.maps", 0, times, spec.Height, channels);
        maps = graph.Node("Transpose", [maps], $"{name}.channels", OnnxGraph.Attribute("perm", 0, 1, 3, 2));
        maps = Reshape(maps, $"{name}.input", 0, times * channels, spec.Height);

        // The weights of a filter are in the order of time, frequency, channel here, of time, channel, frequency there.
        var filters = new float[weight.Values.Length];
        for (var i = 0; i < filters.Length; i++)
        {
            var (channel, rest) = (i % channels, i / channels);
            var (frequency, before) = (rest % kernel, rest / kernel);
            filters[(((before * channels) + channel) * kernel) + frequency] = weight.Values[i];
        }

        var above = Math.Max(0, ((spec.OutputHeight - 1) * spec.Stride) + kernel - spec.Padding - spec.Height);
        var output = graph.Node(
            "Conv",
            [
                maps, graph.Constant($"{name}.weight", filters, spec.Filters, times * channels, kernel),
                graph.Constant($"{name}.bias", bias.Values, spec.Filters),
            ],
            $"{name}.filters", OnnxGraph.Attribute("kernel_shape", [kernel]), OnnxGraph.Attribute("strides", [spec.Stride]),
            OnnxGraph.Attribute("pads", spec.Padding, above));
        return Flat(output, spec.OutputHeight * spec.Filters, name);
    }

    /// <summary>The largest value of a window over time and frequency.</summary>
    public string MaxPool(MaxPoolSpec spec, string x, int inputDim, string name)
    {
        var channels = inputDim / spec.Height;
        var shifted = time.Shifted(x, spec.TimeOffsets, $"{name}.shifted");
        var largest = shifted.Count == 1 ? shifted[0] : graph.Node("Max", shifted, $"{name}.largest");
        var maps = Reshape(largest, $"{name}.maps", 0, spec.Height, channels);
        maps = graph.Node("Transpose", [maps], $"{name}.channels", OnnxGraph.Attribute("perm", 0, 2, 1));
        var pooled = graph.Node(
            "MaxPool", [maps], $"{name}.pooled", OnnxGraph.Attribute("kernel_shape", [spec.KernelHeight]),
            OnnxGraph.Attribute("strides", [spec.Stride]));
        return Flat(pooled, spec.OutputHeight * channels, name);
    }

    /// <summary>A memory, as convolutions over time in which each dimension is a channel of its own.</summary>
    public string Memory(DfsmnMemorySpec spec, string x, int dim, HostTensor weight, string name)
    {
        var channels = graph.Node("Transpose", [x], $"{name}.channels", OnnxGraph.Attribute("perm", 1, 0));
        channels = graph.Node("Unsqueeze", [channels, graph.Constant($"{name}.axes", 0)], $"{name}.input");

        // A kernel goes from the earliest frame to the latest; that of later frames begins with the frame itself.
        float[] Kernel(int taps, Func<int, int> row) =>
        [
            .. Enumerable.Range(0, dim).SelectMany(d => Enumerable.Range(0, taps).Select(
                tap => row(tap) < 0 ? 0 : weight.Values[(row(tap) * dim) + d])),
        ];
        string Taps(float[] kernel, int taps, int stride, int before, int after, string side) => graph.Node(
            "Conv", [channels, graph.Constant($"{name}.{side}.weight", kernel, dim, 1, taps)], $"{name}.{side}",
            OnnxGraph.Attribute("kernel_shape", [taps]), OnnxGraph.Attribute("dilations", [stride]), OnnxGraph.Attribute("group", dim),
            OnnxGraph.Attribute("pads", before, after));
        var sum = Taps(
            Kernel(spec.Left + 1, tap => spec.Left - tap), spec.Left + 1, spec.LeftStride, spec.Left * spec.LeftStride, 0, "earlier");
        if (spec.Right > 0)
        {
            var later = Taps(
                Kernel(spec.Right + 1, tap => tap == 0 ? -1 : spec.Left + tap), spec.Right + 1, spec.RightStride, 0,
                spec.Right * spec.RightStride, "later");
            sum = graph.Node("Add", [sum, later], $"{name}.taps");
        }

        var frames = graph.Node("Squeeze", [sum, graph.Constant($"{name}.sum.axes", 0)], $"{name}.sum");
        frames = graph.Node("Transpose", [frames], $"{name}.memory", OnnxGraph.Attribute("perm", 1, 0));
        return graph.Node("Add", [x, frames], name);
    }

    // [T, C, H] as frames, the channels of one frequency side by side.
    private string Flat(string maps, int dim, string name) =>
        Reshape(graph.Node("Transpose", [maps], $"{name}.frequencies", OnnxGraph.Attribute("perm", 0, 2, 1)), name, -1, dim);

    private string Reshape(string x, string name, params ReadOnlySpan<long> shape) =>
        graph.Node("Reshape", [x, graph.Constant($"{name}.shape", shape)], name);
}
