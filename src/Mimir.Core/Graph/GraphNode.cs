using Mimir.Core.Blocks;

namespace Mimir.Core.Graph;

/// <summary>A node with its runtime block and its place in the graph.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Block">What computes it.</param>
/// <param name="Inputs">Indices of the nodes that it takes; empty when it reads the graph's frames.</param>
/// <param name="Learns">Whether it or a node below it has parameters that learn.</param>
internal sealed record GraphNode(string Name, Block Block, int[] Inputs, bool Learns)
{
    /// <summary>Gets or sets the index of its first parameter in the store.</summary>
    public int FirstSlice { get; set; }
}
