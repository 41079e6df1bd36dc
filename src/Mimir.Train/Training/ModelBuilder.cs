using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Training.Models;

namespace Mimir.Train.Training;

/// <summary>Makes the graph that a recipe describes; <c>Models/</c> has the layers.</summary>
public static class ModelBuilder
{
    /// <summary>Builds the graph.</summary>
    /// <param name="recipe">Splicing, normalisation and layers.</param>
    /// <param name="inputDim">The values of a frame.</param>
    /// <param name="classes">The pdfs of the transition model.</param>
    /// <param name="moments">Statistics of the spliced training features, or null to leave them as they are.</param>
    /// <exception cref="InputException">The layers do not make a classifier of so many classes.</exception>
    public static GraphSpec Build(Recipe recipe, int inputDim, int classes, SplicedMoments? moments)
    {
        var nodes = new ModelNodes(inputDim, recipe.Model.Select(layer => layer.Name).OfType<string>());
        var port = AddSplice(nodes, recipe.Features.Splice, recipe.Train.TargetDelay);
        if (moments is not null)
            port = AddNormalisation(nodes, moments, port);

        var ports = new Dictionary<string, Port> { [LayerRecipe.Features] = port };
        foreach (var layer in recipe.Model)
        {
            port = Add(nodes, layer, layer.Inputs.Count == 0 ? [port] : Inputs(layer, ports), classes);
            if (layer.Name is { } name && !ports.TryAdd(name, port))
                throw new InputException($"model: two layers are called '{name}'.");
        }

        if (recipe.Model is not [.., SoftmaxLayer])
            throw new InputException("model: expected softmax as the last layer.");

        return new(inputDim, nodes.Nodes);
    }

    private static Port[] Inputs(LayerRecipe layer, Dictionary<string, Port> ports) =>
        [.. layer.Inputs.Select(name => ports.TryGetValue(name, out var port)
            ? port
            : throw new InputException($"model: a layer takes '{name}', and no layer before it is called so."))];

    private static Port AddSplice(ModelNodes nodes, SpliceRecipe splice, int delay)
    {
        var context = new SpliceSpec([.. Enumerable.Range(delay - splice.Left, splice.Left + 1 + splice.Right)]);
        return nodes.Add(nodes.NewName("splice", single: true), context, nodes.Frames, nodes.Frames.Dim * context.Offsets.Count);
    }

    private static Port AddNormalisation(ModelNodes nodes, SplicedMoments moments, Port input)
    {
        var shifted = nodes.Add(nodes.NewName("add-shift", single: true), new AddShiftSpec(moments.Shift()), input, input.Dim);
        return nodes.Add(nodes.NewName("rescale", single: true), new RescaleSpec(moments.Scale()), shifted, input.Dim);
    }

    private static Port Add(ModelNodes nodes, LayerRecipe layer, Port[] inputs, int classes) => layer switch
    {
        SumLayer sum => JoiningLayers.Add(nodes, sum, inputs),
        AppendLayer append => JoiningLayers.Add(nodes, append, inputs),
        _ when inputs.Length > 1 => throw new InputException(
            $"model: a layer takes {string.Join(" and ", layer.Inputs)}; only sum and append take several."),
        AffineLayer affine => DenseLayers.Add(nodes, affine, inputs[0]),
        RecurrentLayer recurrent => RecurrentLayers.Add(nodes, recurrent, inputs[0]),
        GruLayer gru => RecurrentLayers.Add(nodes, gru, inputs[0]),
        BatchNormLayer norm => DenseLayers.Add(nodes, norm, inputs[0]),
        LayerNormLayer norm => JoiningLayers.Add(nodes, norm, inputs[0]),
        DropoutLayer dropout => DenseLayers.Add(nodes, dropout, inputs[0]),
        TdnnLayer tdnn => TimeDelayLayers.Add(nodes, tdnn, inputs[0]),
        TdnnfLayer tdnnf => TimeDelayLayers.Add(nodes, tdnnf, inputs[0]),
        DfsmnLayer dfsmn => TimeDelayLayers.Add(nodes, dfsmn, inputs[0]),
        ConvolutionLayer convolution => PictureLayers.Add(nodes, convolution, inputs[0]),
        MaxPoolLayer pool => PictureLayers.Add(nodes, pool, inputs[0]),
        SoftmaxLayer softmax => DenseLayers.Add(nodes, softmax, inputs[0], classes),
        _ => throw new InputException($"model: layer {layer.GetType().Name} is not one that can be built."),
    };
}
