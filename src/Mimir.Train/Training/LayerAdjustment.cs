using Mimir.Base;
using Mimir.Config;
using Mimir.Core.Graph;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>Learning of some layers that differs from the rest: <c>train.layers</c>.</summary>
internal static class LayerAdjustment
{
    /// <summary>Changes the parameters of the layers that are named.</summary>
    /// <param name="layers">The layers by name: that of a node, or of the layer whose nodes have it before a dot.</param>
    /// <param name="parameters">The parameters of the graph.</param>
    /// <exception cref="InputException">A layer is not there.</exception>
    public static void Apply(IReadOnlyDictionary<string, LayerTrainingRecipe> layers, ParameterStore parameters)
    {
        foreach (var (name, layer) in layers)
        {
            if (!parameters.Slices.Any(slice => Fits(name, slice)))
            {
                var nodes = parameters.Slices.Select(slice => slice.Node).Distinct().ToList();
                throw new InputException($"train.layers.{name}: no layer has that name; {NearestKey.Hint(name, nodes)}");
            }

            parameters.Adjust(slice => !Fits(name, slice) ? slice : slice with
            {
                IsTrained = slice.IsTrained && !layer.Frozen,
                RateFactor = (float)(slice.RateFactor * layer.RateFactor),
                DecayFactor = (float)(slice.DecayFactor * layer.L2Factor),
                MaxChange = layer.MaxChange ?? slice.MaxChange,
            });
        }
    }

    private static bool Fits(string name, ParameterSlice slice) =>
        slice.Node == name || slice.Node.StartsWith(name + ".", StringComparison.Ordinal);
}
