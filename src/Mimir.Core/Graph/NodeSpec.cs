using System.Text.Json.Serialization;
using Mimir.Core.Blocks;

namespace Mimir.Core.Graph;

/// <summary>A node of a graph.</summary>
/// <param name="Name">Unique in the graph; <c>input</c> is taken by the graph's input.</param>
/// <param name="Block">What it computes.</param>
/// <param name="Inputs">The nodes it takes; empty is the node before it. <c>input</c> is the graph's input.</param>
[method: JsonConstructor]
public sealed record NodeSpec(string Name, BlockSpec Block, IReadOnlyList<string> Inputs)
{
    /// <summary>The name by which nodes take the graph's input.</summary>
    public const string GraphInput = "input";

    /// <summary>A node that takes the one before it.</summary>
    /// <param name="name">Unique in the graph.</param>
    /// <param name="block">What it computes.</param>
    public NodeSpec(string name, BlockSpec block)
        : this(name, block, [])
    {
    }
}
