using System.Security.Cryptography;
using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>The network that training starts from: <c>train.from</c>.</summary>
internal sealed class StartNetwork
{
    private readonly TrainedModel _model;

    private StartNetwork(string folder) => _model = new(folder);

    /// <summary>Gets the class counts that the network was trained with, as log priors.</summary>
    public float[] LogPriors => _model.Counts().LogPriors();

    /// <summary>Gets a text that is another one for another network.</summary>
    public string Stamp => Convert.ToHexStringLower(
        SHA256.HashData(File.ReadAllBytes(Path.Combine(_model.Path, CheckedFolder.Manifest)))) + "\n";

    /// <summary>Gets the normalisation of the training set, or null when each speaker or utterance has its own.</summary>
    public Features.Extraction.CmvnStatistics? Cmvn => _model.Cmvn();

    /// <summary>The network that a recipe starts from; null for random weights.</summary>
    /// <param name="recipe">The recipe.</param>
    public static StartNetwork? Of(Recipe recipe) => recipe.Train.From is { } path ? new(FolderOf(path)) : null;

    /// <summary>The folder of the model that a path means: itself, or <c>model</c> in the folder of a run.</summary>
    public static string FolderOf(string path) =>
        File.Exists(Path.Combine(path, CheckedFolder.Manifest)) ? path : Path.Combine(path, "model");

    /// <summary>The graph of a recipe with the normalisation that the network was trained with.</summary>
    /// <param name="spec">The graph of the recipe.</param>
    public GraphSpec Continue(GraphSpec spec)
    {
        var file = Path.Combine(_model.Path, ModelFolder.GraphFile);
        var own = GraphSpec.FromJson(File.ReadAllText(file), file).Nodes.ToDictionary(node => node.Name);
        return spec with
        {
            Nodes = [.. spec.Nodes.Select(node => node.Block is AddShiftSpec or RescaleSpec
                && own.TryGetValue(node.Name, out var before) && before.Block.GetType() == node.Block.GetType() ? before : node)],
        };
    }

    /// <summary>Sets the parameters of a graph.</summary>
    /// <exception cref="InputException">The network is of other layers.</exception>
    public void SetWeights(LayerGraph graph)
    {
        using var start = ModelFolder.Load(_model.Path, graph.Device);
        try
        {
            ModelFolder.SetWeights(graph, ModelFolder.Weights(start), _model.Path);
        }
        catch (InputException error)
        {
            throw new InputException(
                $"train.from: the network of {_model.Path} has other layers than 'model' of this recipe: {error.Message}", error);
        }
    }

    /// <summary>Loads the network to compute log-likelihoods.</summary>
    public AcousticModel Load(Device device) => _model.Load(device);
}
