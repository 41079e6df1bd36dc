namespace Mimir.Decode.Lattices;

/// <summary>Leaves out what lies on no path within a beam of the best (Kaldi: PruneLattice).</summary>
public static class LatticePruner
{
    /// <summary>Prunes a word lattice.</summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count.</param>
    /// <param name="beam">Greatest cost of a path beyond that of the best path; above 0.</param>
    public static WordLattice Prune(WordLattice lattice, double beam)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beam);
        var (forward, best) = Forward(lattice);
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = 0; state < lattice.StateCount; state++)
            builder.AddState();

        var backward = new double[lattice.StateCount];
        for (var state = backward.Length - 1; state >= 0; state--)
        {
            var final = lattice.Final(state);
            backward[state] = final.Cost;
            if (forward[state] + final.Cost <= best + beam)
                builder.SetFinal(state, final, [.. lattice.FinalAlignment(state)]);

            foreach (var arc in lattice.Arcs(state))
            {
                var cost = arc.Weight.Cost + backward[arc.Next];
                backward[state] = Math.Min(backward[state], cost);
                if (forward[state] + cost <= best + beam)
                    builder.AddArc(state, arc);
            }
        }

        return builder.Build(keepOrder: true);
    }

    private static (double[] Costs, double Best) Forward(WordLattice lattice)
    {
        var costs = new double[lattice.StateCount];
        costs.AsSpan(Math.Min(1, costs.Length)).Fill(double.PositiveInfinity);
        var best = double.PositiveInfinity;
        for (var state = 0; state < costs.Length; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                costs[arc.Next] = Math.Min(costs[arc.Next], costs[state] + arc.Weight.Cost);

            best = Math.Min(best, costs[state] + lattice.Final(state).Cost);
        }

        return (costs, best);
    }
}
