namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>Puts lattices beside each other.</summary>
public static class LatticeUnion
{
    /// <summary>A word lattice with the paths of all; its start leads to theirs without a word.</summary>
    public static WordLattice Of(IReadOnlyList<WordLattice> lattices)
    {
        var builder = new WordLatticeBuilder { IsPartial = lattices.Any(lattice => lattice.IsPartial) };
        builder.AddState();
        var offset = 1;
        foreach (var lattice in lattices.Where(lattice => lattice.StateCount > 0))
        {
            builder.AddArc(0, new WordArc(0, LatticeWeight.One, [], offset));
            for (var state = 0; state < lattice.StateCount; state++)
                builder.SetFinal(builder.AddState(), lattice.Final(state), [.. lattice.FinalAlignment(state)]);

            for (var state = 0; state < lattice.StateCount; state++)
            {
                foreach (var arc in lattice.Arcs(state))
                    builder.AddArc(offset + state, arc with { Next = offset + arc.Next });
            }

            offset += lattice.StateCount;
        }

        return builder.Build(keepOrder: true);
    }

    /// <summary>
    /// A lattice whose paths are probabilities of a system: the sum of all becomes its weight (Kaldi: lattice-combine).
    /// </summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count.</param>
    /// <param name="weight">The weight of the system among those that are combined; above 0.</param>
    public static WordLattice Normalize(WordLattice lattice, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(weight);
        if (lattice.StateCount == 0)
            return lattice;

        var cost = (float)(LatticeForwardBackward.Backward(lattice)[0] - Math.Log(weight));
        return lattice.Map((_, arc) => arc, (_, final) => final with { Graph = final.Graph + cost });
    }
}
