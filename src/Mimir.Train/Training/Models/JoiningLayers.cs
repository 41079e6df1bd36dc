using Mimir.Core.Blocks;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training.Models;

/// <summary>Makes nodes of the layers that join others, or bring their values to one scale.</summary>
internal static class JoiningLayers
{
    /// <summary>Adds a sum.</summary>
    public static Port Add(ModelNodes nodes, SumLayer layer, IReadOnlyList<Port> inputs) => nodes.Add(
        layer.Name ?? nodes.NewName("sum"), Sum([.. layer.Scales.Select(scale => (float)scale)]), inputs, inputs[0].Dim, Signal.Open);

    /// <summary>Adds inputs side by side.</summary>
    public static Port Add(ModelNodes nodes, AppendLayer layer, IReadOnlyList<Port> inputs) => nodes.Add(
        layer.Name ?? nodes.NewName("append"), new AppendSpec(), inputs, inputs.Sum(input => input.Dim),
        inputs.Max(input => input.Signal));

    /// <summary>Adds a layer normalisation.</summary>
    public static Port Add(ModelNodes nodes, LayerNormLayer layer, Port input) => nodes.Add(
        layer.Name ?? nodes.NewName("layer-norm"), new LayerNormSpec { Epsilon = (float)layer.Epsilon }, input, input.Dim);

    /// <summary>A sum with scales, or without when all are 1.</summary>
    public static SumSpec Sum(IReadOnlyList<float> scales) =>
        scales.All(scale => scale == 1) ? new SumSpec() : new SumSpec { Scales = scales };
}
