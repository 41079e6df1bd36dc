using System.Text.Json;
using Mimir.Base;

namespace Mimir.Core.Graph;

/// <summary>A graph as data: what a model folder keeps beside the weights.</summary>
/// <param name="InputDim">The number of values of a frame.</param>
/// <param name="Nodes">In topological order; the last one is the output.</param>
public sealed record GraphSpec(int InputDim, IReadOnlyList<NodeSpec> Nodes)
{
    /// <summary>Counts the parameters of the graph, which is checked as when it is built; nothing is allocated for them.</summary>
    /// <exception cref="ArgumentException">Nodes do not fit together; the message names them.</exception>
    public long CountParameters() => ParameterSlices.Of(GraphBuilder.Build(this)).Sum(slice => slice.Count);

    /// <summary>Writes the graph as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CoreJson.Strict.GraphSpec) + "\n";

    /// <summary>Reads a graph from JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <param name="origin">The file that it came from, for the message.</param>
    /// <exception cref="InputException">Not a graph; the message has the place.</exception>
    public static GraphSpec FromJson(string json, string origin = "graph.json")
    {
        try
        {
            return JsonSerializer.Deserialize(json, CoreJson.Strict.GraphSpec) ?? throw new InputException($"{origin}: expected a graph, got null");
        }
        catch (JsonException error)
        {
            throw new InputException($"{origin}:{error.LineNumber + 1}: expected a graph, got a fault at {error.Path}: {error.Message}", error);
        }
        catch (NotSupportedException error)
        {
            // So .NET calls a block without the name of its type.
            throw new InputException($"{origin}: expected a graph, got a fault: {error.Message}", error);
        }
    }
}
