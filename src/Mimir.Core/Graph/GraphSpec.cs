using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Blocks;

namespace Mimir.Core.Graph;

/// <summary>A graph as data: the content of <c>graph.json</c> in a model folder.</summary>
/// <param name="InputDim">The number of values of a frame.</param>
/// <param name="Nodes">In topological order; the last one is the output.</param>
public sealed record GraphSpec(int InputDim, IReadOnlyList<NodeSpec> Nodes)
{
    /// <summary>Counts the parameters of the graph without allocating them; the graph is checked as when it is built.</summary>
    /// <exception cref="InputException">Nodes do not fit together; the message names them.</exception>
    public long CountParameters() => ParameterSlice.Layout(GraphBuilder.Build(this)).Sum(slice => slice.Count);

    /// <summary>Writes the graph as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GraphJson.Strict.GraphSpec) + "\n";

    /// <summary>Reads a graph from JSON.</summary>
    /// <param name="json">The text that <see cref="ToJson"/> wrote.</param>
    /// <param name="origin">The file of the text, for the message.</param>
    /// <exception cref="InputException">The text is not a graph; the message has the place.</exception>
    public static GraphSpec FromJson(string json, string origin = "graph.json")
    {
        try
        {
            return JsonSerializer.Deserialize(json, GraphJson.Strict.GraphSpec)
                ?? throw new InputException($"{origin}: expected a graph, got null");
        }
        catch (JsonException error)
        {
            throw new InputException(
                $"{origin}:{error.LineNumber + 1}: expected a graph, got a fault at {error.Path}: {error.Message}", error);
        }
        catch (NotSupportedException error)
        {
            // .NET's exception for a block without the name of its type.
            throw new InputException($"{origin}: expected a graph, got a fault: {error.Message}", error);
        }
    }
}

/// <summary>A node of a graph.</summary>
/// <param name="Name">Unique in the graph; <c>input</c> is the name of the input of the graph.</param>
/// <param name="Block">The computation.</param>
/// <param name="Inputs">The nodes before it that it takes; none for the one right before. <c>input</c> is the input of the graph.</param>
[method: JsonConstructor]
public sealed record NodeSpec(string Name, BlockSpec Block, IReadOnlyList<string> Inputs)
{
    /// <summary>The name of the input of the graph.</summary>
    public const string GraphInput = "input";

    /// <summary>A node that takes the one before it.</summary>
    /// <param name="name">Unique in the graph.</param>
    /// <param name="block">The computation.</param>
    public NodeSpec(string name, BlockSpec block)
        : this(name, block, [])
    {
    }
}

/// <summary>The JSON form of graphs, generated at build time so that the program can be trimmed.</summary>
[JsonSerializable(typeof(GraphSpec))]
internal sealed partial class GraphJson : JsonSerializerContext
{
    /// <summary>Gets the form that refuses unknown members.</summary>
    public static GraphJson Strict { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter<Activation>(JsonNamingPolicy.KebabCaseLower) },
    });
}
