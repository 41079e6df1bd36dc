using System.Text;
using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Models;

/// <summary>A model on disk: <c>graph.json</c>, <c>model.safetensors</c>, further files of the caller, and checksums of all.</summary>
public static class ModelFolder
{
    /// <summary>The file of the graph.</summary>
    public const string GraphFile = "graph.json";

    /// <summary>The file of the parameters, named as the graph's slices.</summary>
    public const string WeightsFile = "model.safetensors";

    /// <summary>Writes a model in one piece.</summary>
    /// <param name="path">The folder to create or replace; its parent must exist.</param>
    /// <param name="graph">The model.</param>
    /// <param name="more">Further files by name, for example a history or an optimiser's state.</param>
    /// <exception cref="IOException">The disk is full or the parent cannot be written; the old folder is untouched.</exception>
    public static void Save(string path, LayerGraph graph, IReadOnlyDictionary<string, Action<Stream>>? more = null)
    {
        var files = new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            [GraphFile] = stream => stream.Write(Encoding.UTF8.GetBytes(graph.Spec.ToJson())),
            [WeightsFile] = stream => SafeTensors.Write(stream, Weights(graph)),
        };
        foreach (var (name, write) in more ?? new Dictionary<string, Action<Stream>>())
            files.Add(name, write);

        CheckedFolder.Write(path, files);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="device">The device of the model.</param>
    /// <exception cref="FileNotFoundException">The folder or a file of it is missing.</exception>
    /// <exception cref="InputException">A file is damaged, or weights do not fit the graph.</exception>
    public static LayerGraph Load(string path, Device device)
    {
        var files = CheckedFolder.Open(path);
        if (!files.TryGetValue(GraphFile, out var graphFile) || !files.TryGetValue(WeightsFile, out var weightsFile))
            throw new FileNotFoundException($"{path}: expected {GraphFile} and {WeightsFile}, got {string.Join(", ", files.Keys)}");

        var spec = GraphSpec.FromJson(File.ReadAllText(graphFile), graphFile);
        LayerGraph graph;
        try
        {
            graph = new LayerGraph(spec, device);
        }
        catch (InputException error)
        {
            throw new InputException($"{graphFile}: expected a graph that fits together, got: {error.Message}", error);
        }

        try
        {
            SetWeights(graph, SafeTensors.Read(weightsFile), weightsFile);
            return graph;
        }
        catch (InputException)
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Copies all parameters to the host, by name.</summary>
    /// <param name="graph">The model.</param>
    public static IReadOnlyDictionary<string, HostTensor> Weights(LayerGraph graph)
    {
        var weights = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        for (var i = 0; i < graph.Parameters.Slices.Count; i++)
            weights.Add(graph.Parameters.Slices[i].Name, HostTensor.From(graph.Parameters.ValueOf(i)));

        return weights;
    }

    /// <summary>Sets all parameters, by name.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="weights">A tensor for each slice; others are an error.</param>
    /// <param name="origin">The file of the weights, for messages.</param>
    /// <exception cref="InputException">A name is missing or too many, or a shape differs.</exception>
    public static void SetWeights(LayerGraph graph, IReadOnlyDictionary<string, HostTensor> weights, string origin)
    {
        var slices = graph.Parameters.Slices;
        for (var i = 0; i < slices.Count; i++)
        {
            if (!weights.TryGetValue(slices[i].Name, out var tensor))
                throw new InputException($"{origin}: expected the weights '{slices[i].Name}', got {string.Join(", ", weights.Keys)}");
            if (!tensor.Shape.AsSpan().SequenceEqual(slices[i].Shape.ToArray()))
            {
                throw new InputException(
                    $"{origin}: expected '{slices[i].Name}' of shape [{string.Join(", ", slices[i].Shape)}], "
                    + $"got [{string.Join(", ", tensor.Shape)}]");
            }

            graph.Parameters.ValueOf(i).CopyFrom(tensor.Values);
        }

        if (weights.Count != slices.Count)
        {
            throw new InputException(
                $"{origin}: expected the {slices.Count} tensors of the graph, got {weights.Count}: {string.Join(", ", weights.Keys)}");
        }
    }
}
