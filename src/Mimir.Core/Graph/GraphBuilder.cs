using Mimir.Base;
using Mimir.Core.Blocks;

namespace Mimir.Core.Graph;

/// <summary>Builds the nodes of a <see cref="GraphSpec"/>, checking names, order and dimensions.</summary>
internal static class GraphBuilder
{
    /// <summary>Builds the nodes in order. Where a node takes the plain input, a node that gathers it comes first.</summary>
    /// <exception cref="InputException">The graph does not fit together; the message names the nodes.</exception>
    public static List<GraphNode> Build(GraphSpec spec)
    {
        if (spec.InputDim < 1)
            throw new InputException($"A graph needs an input of at least 1 value, got {spec.InputDim}.");
        if (spec.Nodes.Count == 0)
            throw new InputException("A graph needs at least one node.");

        var nodes = new List<GraphNode>();
        var indices = new Dictionary<string, int>(StringComparer.Ordinal);
        if (spec.Nodes.Where((node, i) => !node.Block.ReadsFrames && InputNames(spec, i).Contains(NodeSpec.GraphInput)).Any())
        {
            nodes.Add(new GraphNode(NodeSpec.GraphInput, new SpliceBlock(spec.InputDim, [0]), [], IsTrained: false));
            indices.Add(NodeSpec.GraphInput, 0);
        }

        for (var i = 0; i < spec.Nodes.Count; i++)
        {
            var node = Build(spec, i, nodes, indices);
            if (node.Name == NodeSpec.GraphInput || !indices.TryAdd(node.Name, nodes.Count))
                throw new InputException($"Two nodes are called '{node.Name}'.");

            nodes.Add(node);
        }

        return nodes;
    }

    private static GraphNode Build(GraphSpec spec, int i, List<GraphNode> nodes, Dictionary<string, int> indices)
    {
        var node = spec.Nodes[i];
        var names = InputNames(spec, i);
        if (node.Block.InputProblem(names.Count) is { } problem)
            throw new InputException($"Node '{node.Name}': {problem}");

        if (node.Block.ReadsFrames)
        {
            return names[0] == NodeSpec.GraphInput
                ? new GraphNode(node.Name, BuildBlock(node, spec.InputDim), [], IsTrained: false)
                : throw new InputException($"Node '{node.Name}' splices '{names[0]}'; only the graph's input can be spliced.");
        }

        var inputs = names.Select(name => indices.TryGetValue(name, out var index)
            ? index
            : throw new InputException($"Node '{node.Name}' takes '{name}', and no node before it has that name.")).ToArray();
        var dim = InputDim(node, inputs.Select(input => nodes[input]).ToList());
        if (node.Block.RequiredInputDim != 0 && node.Block.RequiredInputDim != dim)
            throw new InputException($"Node '{node.Name}' takes {node.Block.RequiredInputDim} values, '{names[0]}' gives {dim}.");

        var block = BuildBlock(node, dim);
        return new GraphNode(
            node.Name, block, inputs, block.Parameters.Any(p => p.IsTrained) || inputs.Any(input => nodes[input].IsTrained));
    }

    private static int InputDim(NodeSpec node, List<GraphNode> inputs)
    {
        if (node.Block.TakesAnyDimensions)
            return inputs.Sum(input => input.Block.OutputDim);

        var dim = inputs[0].Block.OutputDim;
        return inputs.Find(input => input.Block.OutputDim != dim) is { } other
            ? throw new InputException(
                $"Node '{node.Name}' joins '{inputs[0].Name}', which gives {dim} values, and '{other.Name}', "
                + $"which gives {other.Block.OutputDim}.")
            : dim;
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
            throw new InputException($"Node '{node.Name}': {UserError.Plain(error.Message)}", error);
        }
    }
}

/// <summary>A node with its block and its place in the graph.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Block">The computation.</param>
/// <param name="Inputs">The indices of the nodes that it takes; none when it reads the frames of the graph.</param>
/// <param name="IsTrained">True when it or a node below it has parameters that gradients move.</param>
internal sealed record GraphNode(string Name, Block Block, int[] Inputs, bool IsTrained)
{
    /// <summary>Gets or sets the index of its first parameter in the store.</summary>
    public int FirstSlice { get; set; }
}
