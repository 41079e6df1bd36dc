using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training.Models;

/// <summary>The nodes of a graph as they come, each with a name of its own.</summary>
/// <param name="inputDim">The values of a frame.</param>
/// <param name="taken">The names that the recipe gives.</param>
internal sealed class ModelNodes(int inputDim, IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<NodeSpec> _nodes = [];

    /// <summary>Gets the nodes so far.</summary>
    public IReadOnlyList<NodeSpec> Nodes => _nodes;

    /// <summary>Gets the graph's input.</summary>
    public Port Frames { get; } = new(NodeSpec.GraphInput, inputDim, Signal.Features);

    /// <summary>The name of a layer's nodes: its own, with a number where it is repeated, or null when it has none.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="copy">Which of its copies, from 0.</param>
    /// <param name="copies">How many there are.</param>
    public static string? NameOf(LayerRecipe layer, int copy, int copies) =>
        layer.Name is { } name && copies > 1 ? $"{name}.{copy + 1}" : layer.Name;

    /// <summary>A name that nothing has: the kind with a number.</summary>
    /// <param name="kind">What the node is.</param>
    /// <param name="single">Whether the first of its kind has no number.</param>
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
    /// <param name="block">What it computes.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="dim">The number of its values.</param>
    /// <param name="signal">What they look like; null for as before.</param>
    public Port Add(string name, BlockSpec block, Port input, int dim, Signal? signal = null)
    {
        var port = Add(name, block, [input], dim, signal ?? input.Signal);
        return signal is null && dim == input.Dim ? port with { Height = input.Height, Memory = input.Memory } : port;
    }

    /// <summary>Adds a node that takes several.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="block">What it computes.</param>
    /// <param name="inputs">What it takes.</param>
    /// <param name="dim">The number of its values.</param>
    /// <param name="signal">What they look like.</param>
    public Port Add(string name, BlockSpec block, IReadOnlyList<Port> inputs, int dim, Signal signal)
    {
        // A chain is written without names, so that its graph is what it was before there were branches.
        var before = _nodes.Count == 0 ? NodeSpec.GraphInput : _nodes[^1].Name;
        _nodes.Add(new NodeSpec(
            name, block, inputs is [var only] && only.Node == before ? [] : [.. inputs.Select(input => input.Node)]));
        return new(name, dim, signal);
    }
}
