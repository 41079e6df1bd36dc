using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training.Models;

/// <summary>Makes nodes of the layers that see a frame as a picture of frequencies times channels.</summary>
internal static class PictureLayers
{
    /// <summary>Adds a convolution, whose weights begin as those of an affine layer of as many inputs.</summary>
    /// <exception cref="InputException">Its input is no picture of so many frequencies.</exception>
    public static Port Add(ModelNodes nodes, ConvolutionLayer layer, Port input)
    {
        var height = HeightOf("conv2d", layer.Height, input);
        var channels = input.Dim / height;
        if (layer.ChannelsApart && channels > 1)
        {
            var sorted = Enumerable.Range(0, input.Dim).Select(i => (i % channels * height) + (i / channels)).ToList();
            input = nodes.Add(layer.Name is null ? nodes.NewName("copy") : $"{layer.Name}.copy", new CopySpec(sorted), input, input.Dim);
        }

        var start = DenseLayers.Start(layer.Activation, layer.Times.Count * layer.Kernel * channels, layer.Filters, input.Signal);
        var spec = new ConvolutionSpec
        {
            Height = height,
            Filters = layer.Filters,
            TimeOffsets = layer.Times,
            KernelHeight = layer.Kernel,
            Stride = layer.Stride,
            Padding = layer.Padding ?? (layer.Kernel - 1) / 2,
            Activation = start.Activation,
            ParamStddev = (float)(layer.ParamStddev ?? start.ParamStddev),
            BiasMean = start.BiasMean,
            BiasRange = start.BiasRange,
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
        };
        var port = nodes.Add(
            layer.Name ?? nodes.NewName("conv"), spec, input, Fitting("conv2d", spec.OutputHeight, height) * layer.Filters,
            DenseLayers.SignalOf(layer.Activation));
        return DenseLayers.Regularised(nodes, layer.Name, port, layer.BatchNorm, layer.Dropout) with { Height = spec.OutputHeight };
    }

    /// <summary>Adds a pooling.</summary>
    /// <exception cref="InputException">Its input is no picture of so many frequencies.</exception>
    public static Port Add(ModelNodes nodes, MaxPoolLayer layer, Port input)
    {
        var height = HeightOf("max-pool", layer.Height, input);
        var spec = new MaxPoolSpec
        {
            Height = height,
            TimeOffsets = layer.Times,
            KernelHeight = layer.Kernel,
            Stride = layer.Stride ?? layer.Kernel,
        };
        var dim = Fitting("max-pool", spec.OutputHeight, height) * (input.Dim / height);
        return nodes.Add(layer.Name ?? nodes.NewName("max-pool"), spec, input, dim) with { Height = spec.OutputHeight };
    }

    private static int HeightOf(string kind, int? given, Port input)
    {
        var height = given ?? input.Height;
        if (height == 0)
        {
            throw new InputException(
                $"model: a {kind} layer takes '{input.Node}', which is no conv2d or max-pool; say the frequencies of its {input.Dim} values with height.");
        }

        return input.Dim % height == 0
            ? height
            : throw new InputException($"model: a {kind} layer has height {height}, and the {input.Dim} values of '{input.Node}' are no multiple of it.");
    }

    private static int Fitting(string kind, int outputHeight, int height) => outputHeight > 0
        ? outputHeight
        : throw new InputException($"model: the kernel of a {kind} layer does not fit {height} frequencies; make kernel smaller or padding greater.");
}
