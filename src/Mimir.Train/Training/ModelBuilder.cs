using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Train.Data;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>Builds the graph of a recipe: splicing, normalisation and its layers.</summary>
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
        var nodes = new ModelNodes(inputDim, classes, recipe.Model.Select(layer => layer.Name).OfType<string>());
        var port = AddSplice(nodes, recipe.Features.Splice, recipe.Train.TargetDelay);
        if (moments is not null)
            port = AddNormalisation(nodes, moments, port);

        var ports = new Dictionary<string, Port> { [LayerRecipe.Features] = port };
        foreach (var layer in recipe.Model)
        {
            port = layer.AddTo(nodes, layer.Inputs.Count == 0 ? [port] : Inputs(layer, ports));
            if (layer.Name is { } name && !ports.TryAdd(name, port))
                throw new InputException($"model: two layers are called '{name}'.");
        }

        if (recipe.Model is not [.., SoftmaxLayer])
            throw new InputException("model: expected softmax as the last layer.");

        return new(inputDim, nodes.Nodes);
    }

    private static Port[] Inputs(LayerRecipe layer, Dictionary<string, Port> ports)
    {
        if (layer.Inputs.Count > 1 && !layer.TakesManyInputs)
        {
            throw new InputException(
                $"model: a layer takes {string.Join(" and ", layer.Inputs)}; only sum and append take several.");
        }

        return [.. layer.Inputs.Select(name => ports.TryGetValue(name, out var port)
            ? port
            : throw new InputException($"model: a layer takes '{name}', and no layer before it is called so."))];
    }

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
}
