using Mimir.Core.Blocks;

namespace Mimir.Core.Graph;

/// <summary>Turns a <see cref="GraphSpec"/> into nodes, checking names, order and dimensions.</summary>
internal static class GraphBuilder
{
    /// <summary>Builds the nodes in order. A node that gathers the plain input comes first where one is taken.</summary>
    /// <exception cref="ArgumentException">The graph does not fit together; the message names the nodes.</exception>
    public static List<GraphNode> Build(GraphSpec spec)
    {
        if (spec.InputDim < 1)
            throw new ArgumentException($"A graph needs an input of at least 1 value, got {spec.InputDim}.");
        if (spec.Nodes.Count == 0)
            throw new ArgumentException("A graph needs at least one node.");

        var nodes = new List<GraphNode>();
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        if (spec.Nodes.Where((node, i) => !node.Block.ReadsFrames && InputNames(spec, i).Contains(NodeSpec.GraphInput)).Any())
        {
            nodes.Add(new GraphNode(NodeSpec.GraphInput, new SpliceBlock(spec.InputDim, [0]), [], Learns: false));
            indices.Add(NodeSpec.GraphInput, 0);
        }

        for (var i = 0; i < spec.Nodes.Count; i++)
        {
            var node = Build(spec, i, nodes, indices);
            if (node.Name == NodeSpec.GraphInput || !indices.TryAdd(node.Name, nodes.Count))
                throw new ArgumentException($"Two nodes are called '{node.Name}'.");

            nodes.Add(node);
        }

        return nodes;
    }

    private static GraphNode Build(GraphSpec spec, int i, List<GraphNode> nodes, Dictionary<string, int> indices)
    {
        var node = spec.Nodes[i];
        var names = InputNames(spec, i);
        if (names.Count > 1 && !node.Block.TakesManyInputs)
            throw new ArgumentException($"Node '{node.Name}' takes one input, got {names.Count}: {string.Join(", ", names)}.");

        if (node.Block.ReadsFrames)
        {
            return names[0] == NodeSpec.GraphInput
                ? new GraphNode(node.Name, BuildBlock(node, spec.InputDim), [], Learns: false)
                : throw new ArgumentException($"Node '{node.Name}' splices '{names[0]}'; only the graph's input can be spliced.");
        }

        var inputs = names.Select(name => indices.TryGetValue(name, out var index)
            ? index
            : throw new ArgumentException($"Node '{node.Name}' takes '{name}', and no node before it has that name.")).ToArray();
        var dim = nodes[inputs[0]].Block.OutputDim;
        foreach (var input in inputs)
        {
            if (!node.Block.TakesAnyDimensions && nodes[input].Block.OutputDim != dim)
                throw new ArgumentException(
                    $"Node '{node.Name}' joins '{names[0]}', which gives {dim} values, and '{nodes[input].Name}', which gives {nodes[input].Block.OutputDim}.");
        }

        if (node.Block.TakesAnyDimensions)
            dim = inputs.Sum(input => nodes[input].Block.OutputDim);
        if (node.Block.RequiredInputDim != 0 && node.Block.RequiredInputDim != dim)
            throw new ArgumentException($"Node '{node.Name}' takes {node.Block.RequiredInputDim} values, '{names[0]}' gives {dim}.");

        var block = BuildBlock(node, dim);
        return new GraphNode(
            node.Name, block, inputs, block.Parameters.Any(p => p.IsTrained) || inputs.Any(input => nodes[input].Learns));
    }

    private static IReadOnlyList<string> InputNames(GraphSpec spec, int i) =>
        spec.Nodes[i].Inputs.Count > 0 ? spec.Nodes[i].Inputs : [i == 0 ? NodeSpec.GraphInput : spec.Nodes[i - 1].Name];

    private static Block BuildBlock(NodeSpec node, int dim)
    {
        try
        {
            return node.Block.Build(dim);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"Node '{node.Name}': {error.Message}", error);
        }
    }
}
