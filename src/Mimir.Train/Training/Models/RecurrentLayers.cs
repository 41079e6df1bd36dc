using Mimir.Core.Blocks;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training.Models;

/// <summary>Makes nodes of recurrent layers.</summary>
internal static class RecurrentLayers
{
    /// <summary>The standard deviation of weights behind the last recurrent layer in nnet1's prototypes.</summary>
    public const float OutputStddev = 0.1f;

    /// <summary>Adds a recurrent layer with all its copies.</summary>
    public static Port Add(ModelNodes nodes, RecurrentLayer layer, Port input)
    {
        var direction = layer.Projection > 0 ? layer.Projection : layer.Dim;
        var (kind, outputs) = layer is BlstmLayer ? ("blstm", 2 * direction) : ("lstm", direction);
        for (var copy = 0; copy < layer.Repeat; copy++)
        {
            var name = ModelNodes.NameOf(layer, copy, layer.Repeat);
            input = nodes.Add(name ?? nodes.NewName(kind), BlockOf(layer), input, outputs, Signal.Recurrent);
            input = DenseLayers.Regularised(nodes, name, input, batchNorm: false, layer.Dropout);
        }

        return input;
    }

    /// <summary>Adds a layer of gated recurrent units with all its copies.</summary>
    public static Port Add(ModelNodes nodes, GruLayer layer, Port input)
    {
        var spec = new GruSpec(layer.Dim)
        {
            GradClip = (float)layer.GradClip,
            ParamRange = (float?)layer.ParamRange,
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
        };
        for (var copy = 0; copy < layer.Repeat; copy++)
        {
            // Their outputs are between -1 and 1, as those of a squashing unit.
            var name = ModelNodes.NameOf(layer, copy, layer.Repeat);
            input = nodes.Add(name ?? nodes.NewName("gru"), spec, input, layer.Dim, Signal.Saturated);
            input = DenseLayers.Regularised(nodes, name, input, batchNorm: false, layer.Dropout);
        }

        return input;
    }

    private static BlockSpec BlockOf(RecurrentLayer layer) => layer is BlstmLayer { Chunk: > 0 } controlled
        ? new LcBlstmSpec(SpecOf(layer), controlled.Chunk, controlled.RightContext)
        : SpecOf(layer);

    private static LstmSpec SpecOf(RecurrentLayer layer) => (layer is BlstmLayer ? new BlstmSpec(layer.Dim) : new LstmSpec(layer.Dim)) with
    {
        Projection = layer.Projection,
        Peepholes = layer.Peepholes,
        CellClip = (float)layer.CellClip,
        DiffClip = (float)layer.DiffClip,
        CellDiffClip = (float)layer.CellDiffClip,
        GradClip = (float)layer.GradClip,
        ParamRange = (float)layer.ParamRange,
        ForgetBias = (float)layer.ForgetBias,
        LearnRateCoef = (float)layer.LearnRateCoef,
        BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
    };
}
