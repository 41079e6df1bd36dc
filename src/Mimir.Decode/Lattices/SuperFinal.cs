namespace Mimir.Decode.Lattices;

/// <summary>Gives a word lattice a single end of weight one (Kaldi: CreateSuperFinal).</summary>
internal static class SuperFinal
{
    /// <summary>The lattice itself if its only end has weight one; otherwise arcs without a word lead from all ends to a new one.</summary>
    public static WordLattice Add(WordLattice lattice)
    {
        var ends = Enumerable.Range(0, lattice.StateCount).Where(state => !lattice.Final(state).IsZero).ToList();
        if (ends.Count == 1 && lattice.Final(ends[0]) == LatticeWeight.One && lattice.FinalAlignment(ends[0]).IsEmpty)
            return lattice;

        var builder = lattice.ToBuilder();
        var final = builder.AddState();
        foreach (var end in ends)
        {
            builder.AddArc(end, new WordArc(0, lattice.Final(end), [.. lattice.FinalAlignment(end)], final));
            builder.SetFinal(end, LatticeWeight.Zero, []);
        }

        builder.SetFinal(final, LatticeWeight.One, []);
        return builder.Build(keepOrder: true);
    }
}
