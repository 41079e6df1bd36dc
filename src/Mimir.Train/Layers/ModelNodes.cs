using Mimir.Core.Blocks;
using Mimir.Core.Graph;

namespace Mimir.Train.Layers;

/// <summary>The values that a node gives; the initial weights of the next layer depend on it.</summary>
internal enum Signal
{
    /// <summary>Features of about unit variance.</summary>
    Features,

    /// <summary>Between 0 and 1, or -1 and 1.</summary>
    Saturated,

    /// <summary>The outputs of recurrent layers.</summary>
    Recurrent,

    /// <summary>Without a limit: rectified, or a sum.</summary>
    Open,
}

/// <summary>The output of a layer, which others take.</summary>
/// <param name="Node">The node of the graph.</param>
/// <param name="Dim">The number of its values.</param>
/// <param name="Signal">The kind of its values.</param>
internal sealed record Port(string Node, int Dim, Signal Signal)
{
    /// <summary>Gets the number of frequencies when the values are frequencies times channels, else 0.</summary>
    public int Height { get; init; }

    /// <summary>Gets the memory behind the values when a dfsmn layer gave them.</summary>
    public Port? Memory { get; init; }
}

/// <summary>The nodes of a graph that is being built, each with a name of its own.</summary>
/// <param name="inputDim">The values of a frame.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="taken">The names of layers in the recipe.</param>
internal sealed class ModelNodes(int inputDim, int classes, IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<NodeSpec> _nodes = [];

    /// <summary>Gets the nodes so far.</summary>
    public IReadOnlyList<NodeSpec> Nodes => _nodes;

    /// <summary>Gets the number of classes.</summary>
    public int Classes => classes;

    /// <summary>Gets the graph's input.</summary>
    public Port Frames { get; } = new(NodeSpec.GraphInput, inputDim, Signal.Features);

    /// <summary>A name that no node has: the kind with a number.</summary>
    /// <param name="kind">The kind of node.</param>
    /// <param name="single">True when the first of its kind has no number.</param>
    public string NewName(string kind, bool single = false)
    {
        string name;
        do
        {
            var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            name = single && count == 1 ? kind : $"{kind}{count}";
        }
        while (_taken.Contains(name));
        return name;
    }

    /// <summary>Adds a node.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="block">Its computation.</param>
    /// <param name="input">Its input.</param>
    /// <param name="dim">The number of its values.</param>
    /// <param name="signal">The kind of its values; null for that of the input.</param>
    public Port Add(string name, BlockSpec block, Port input, int dim, Signal? signal = null)
    {
        var port = Add(name, block, [input], dim, signal ?? input.Signal);
        return signal is null && dim == input.Dim ? port with { Height = input.Height, Memory = input.Memory } : port;
    }

    /// <summary>Adds a node with several inputs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="block">Its computation.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="dim">The number of its values.</param>
    /// <param name="signal">The kind of its values.</param>
    public Port Add(string name, BlockSpec block, IReadOnlyList<Port> inputs, int dim, Signal signal)
    {
        // A chain is written without the names of inputs, as graphs were before there were branches.
        var before = _nodes.Count == 0 ? NodeSpec.GraphInput : _nodes[^1].Name;
        _nodes.Add(new NodeSpec(
            name, block, inputs is [var only] && only.Node == before ? [] : [.. inputs.Select(input => input.Node)]));
        return new(name, dim, signal);
    }

    /// <summary>Adds the batch normalisation and the dropout that follow a layer.</summary>
    /// <param name="name">The layer's name, or null.</param>
    /// <param name="port">The layer's output.</param>
    /// <param name="batchNorm">True for a batch normalisation.</param>
    /// <param name="dropout">The rate of dropout, 0 for none.</param>
    public Port Regularise(string? name, Port port, bool batchNorm, double dropout)
    {
        if (batchNorm)
            port = Add(name is null ? NewName("batch-norm") : $"{name}.batch-norm", new BatchNormSpec(), port, port.Dim);
        if (dropout > 0)
            port = Add(name is null ? NewName("dropout") : $"{name}.dropout", new DropoutSpec((float)dropout), port, port.Dim);

        return port;
    }
}
