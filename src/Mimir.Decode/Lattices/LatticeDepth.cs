namespace Mimir.Decode.Lattices;

/// <summary>The depth of a lattice: the number of its arcs that cross each frame.</summary>
public static class LatticeDepth
{
    /// <summary>The number of arcs, and of ends with frames of their own, in each frame.</summary>
    public static int[] PerFrame(WordLattice lattice)
    {
        var times = LatticeTimes.Of(lattice);
        var depths = new int[LatticeTimes.Frames(lattice, times)];
        for (var state = 0; state < times.Length; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                Count(depths.AsSpan(times[state], arc.Alignment.Length));

            Count(depths.AsSpan(times[state], lattice.FinalAlignment(state).Length));
        }

        return depths;
    }

    private static void Count(Span<int> frames)
    {
        foreach (ref var depth in frames)
            depth++;
    }
}
