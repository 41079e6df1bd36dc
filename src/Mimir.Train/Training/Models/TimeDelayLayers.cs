using Mimir.Core.Blocks;
using Mimir.Train.Recipes;
using Activation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Training.Models;

/// <summary>Makes nodes of the time-delay layers.</summary>
internal static class TimeDelayLayers
{
    /// <summary>Adds a time-delay layer, whose weights begin as those of an affine layer of as many inputs.</summary>
    public static Port Add(ModelNodes nodes, TdnnLayer layer, Port input)
    {
        var start = DenseLayers.Start(layer.Activation, input.Dim * layer.Offsets.Count, layer.Dim, input.Signal);
        var port = nodes.Add(layer.Name ?? nodes.NewName("tdnn"), new TdnnSpec
        {
            OutputDim = layer.Dim,
            Offsets = layer.Offsets,
            Activation = start.Activation,
            Stride = layer.Stride,
            ParamStddev = (float)(layer.ParamStddev ?? start.ParamStddev),
            BiasMean = start.BiasMean,
            BiasRange = start.BiasRange,
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
            MaxNorm = (float)layer.MaxNorm,
        }, input, layer.Dim, DenseLayers.SignalOf(layer.Activation));
        return DenseLayers.Regularised(nodes, layer.Name, port, layer.BatchNorm, layer.Dropout);
    }

    /// <summary>Adds a factorised layer with all its copies.</summary>
    public static Port Add(ModelNodes nodes, TdnnfLayer layer, Port input)
    {
        for (var copy = 0; copy < layer.Repeat; copy++)
            input = AddFactorised(nodes, layer, ModelNodes.NameOf(layer, copy, layer.Repeat) ?? nodes.NewName("tdnnf"), input);

        return input;
    }

    /// <summary>Adds a layer with a memory, with all its copies.</summary>
    public static Port Add(ModelNodes nodes, DfsmnLayer layer, Port input)
    {
        for (var copy = 0; copy < layer.Repeat; copy++)
            input = AddMemory(nodes, layer, ModelNodes.NameOf(layer, copy, layer.Repeat) ?? nodes.NewName("dfsmn"), input);

        return input;
    }

    private static Port AddMemory(ModelNodes nodes, DfsmnLayer layer, string name, Port input)
    {
        var rate = (float)layer.LearnRateCoef;
        var projected = nodes.Add($"{name}.projection", new LinearSpec(layer.Projection)
        {
            ParamStddev = 1 / MathF.Sqrt(input.Dim),
            LearnRateCoef = rate,
        }, input, layer.Projection, Signal.Open);
        var memory = nodes.Add($"{name}.memory", new DfsmnMemorySpec
        {
            Left = layer.Left,
            Right = layer.Right,
            LeftStride = layer.LeftStride,
            RightStride = layer.RightStride,
            LearnRateCoef = rate,
        }, projected, layer.Projection);
        if (layer.Skip && input.Memory is { } before && before.Dim == layer.Projection)
            memory = nodes.Add($"{name}.skip", new SumSpec(), [memory, before], layer.Projection, Signal.Open);

        var start = DenseLayers.Start(Recipes.Activation.Relu, layer.Projection, layer.Dim, Signal.Open);
        var port = nodes.Add(
            name, start with { LearnRateCoef = rate, BiasLearnRateCoef = rate }, memory, layer.Dim, Signal.Open);
        return DenseLayers.Regularised(nodes, name, port, batchNorm: false, layer.Dropout) with { Memory = memory };
    }

    // What Kaldi's tdnnf-layer expands to. Weights begin with its deviation, 1 / sqrt(inputs).
    private static Port AddFactorised(ModelNodes nodes, TdnnfLayer layer, string name, Port input)
    {
        int[] before = layer.TimeStride == 0 ? [0] : [-layer.TimeStride, 0];
        int[] behind = layer.TimeStride == 0 ? [0] : [0, layer.TimeStride];
        var linear = nodes.Add($"{name}.linear", new TdnnSpec
        {
            OutputDim = layer.Bottleneck,
            Offsets = before,
            HasBias = false,
            Orthonormal = -1,
            ParamStddev = 1 / MathF.Sqrt(before.Length * input.Dim),
            LearnRateCoef = (float)layer.LearnRateCoef,
        }, input, layer.Bottleneck, Signal.Open);
        var affine = nodes.Add($"{name}.affine", new TdnnSpec
        {
            OutputDim = layer.Dim,
            Offsets = behind,
            Activation = Activation.Relu,
            ParamStddev = 1 / MathF.Sqrt(behind.Length * layer.Bottleneck),
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.LearnRateCoef,
        }, linear, layer.Dim);
        var bypassed = layer.BypassScale != 0 && input.Dim == layer.Dim;
        var dropped = layer.Dropout > 0;
        var port = nodes.Add(
            bypassed || dropped ? $"{name}.batch-norm" : name, new BatchNormSpec { Epsilon = 1e-3f }, affine, layer.Dim);
        if (dropped)
            port = nodes.Add(bypassed ? $"{name}.dropout" : name, new DropoutSpec((float)layer.Dropout), port, layer.Dim);

        return bypassed
            ? nodes.Add(name, JoiningLayers.Sum([(float)layer.BypassScale, 1]), [input, port], layer.Dim, Signal.Open)
            : port;
    }
}
