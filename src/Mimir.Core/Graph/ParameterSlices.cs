namespace Mimir.Core.Graph;

/// <summary>Gives every parameter of a graph its place in the flat store.</summary>
internal static class ParameterSlices
{
    /// <summary>Lays the parameters out in the order of the nodes, and tells each node where its own begin.</summary>
    public static List<ParameterSlice> Of(IEnumerable<GraphNode> nodes)
    {
        var slices = new List<ParameterSlice>();
        long offset = 0;
        foreach (var node in nodes)
        {
            node.FirstSlice = slices.Count;
            foreach (var p in node.Block.Parameters)
            {
                slices.Add(new ParameterSlice($"{node.Name}.{p.Name}", offset, p.Shape)
                {
                    RateFactor = p.RateFactor,
                    DecayFactor = p.DecayFactor,
                    MomentumFactor = p.MomentumFactor,
                    MaxNorm = p.MaxNorm,
                    GradClip = p.GradClip,
                    IsTrained = p.IsTrained,
                });
                offset += slices[^1].Count;
            }
        }

        return slices;
    }
}
