namespace Mimir.Decode.Graphs;

/// <summary>
/// Moves the input-epsilons of every state behind its emitting arcs, so that a search reads only what it needs.
/// </summary>
internal static class EpsilonSplit
{
    /// <summary>
    /// Reorders <paramref name="arcs"/> in place, stable in both groups; returns where each state's epsilons
    /// begin.
    /// </summary>
    public static int[] Apply(int[] offsets, FstArc[] arcs)
    {
        var splits = new int[offsets.Length - 1];
        var epsilons = new List<FstArc>();
        for (var state = 0; state < splits.Length; state++)
        {
            epsilons.Clear();
            var write = offsets[state];
            for (var read = offsets[state]; read < offsets[state + 1]; read++)
            {
                if (arcs[read].Input == 0)
                    epsilons.Add(arcs[read]);
                else
                    arcs[write++] = arcs[read];
            }

            splits[state] = write;
            foreach (var arc in epsilons)
                arcs[write++] = arc;
        }

        return splits;
    }
}
