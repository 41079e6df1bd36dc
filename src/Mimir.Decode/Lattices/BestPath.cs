namespace Mimir.Decode.Lattices;

/// <summary>The best path of a lattice.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Alignment">Its transition-ids, one a frame.</param>
/// <param name="Weight">Its costs, as in the lattice.</param>
public sealed record LatticePath(IReadOnlyList<int> Words, IReadOnlyList<int> Alignment, LatticeWeight Weight);

/// <summary>Finds the best path of a word lattice under given weights.</summary>
public static class BestPath
{
    /// <summary>
    /// The path of least <c>graph + acoustic * scale + penalty * words</c>; the result of Kaldi's <c>lattice-scale |
    /// lattice-add-penalty | lattice-best-path</c>; null for an empty lattice.
    /// </summary>
    /// <param name="lattice">A word lattice with unscaled acoustic costs.</param>
    /// <param name="acousticScale">The scale of acoustic costs: 1 / LM weight.</param>
    /// <param name="wordPenalty">The cost of every word, against insertions.</param>
    public static LatticePath? Find(WordLattice lattice, float acousticScale, float wordPenalty = 0)
    {
        if (Search(lattice, acousticScale, wordPenalty) is not var (arcs, end))
            return null;

        double graph = lattice.Final(end).Graph, acoustic = lattice.Final(end).Acoustic;
        foreach (var arc in arcs)
            (graph, acoustic) = (graph + arc.Weight.Graph, acoustic + arc.Weight.Acoustic);

        return new LatticePath(
            [.. arcs.Select(arc => arc.Word).Where(word => word != 0)],
            [.. arcs.SelectMany(arc => arc.Alignment), .. lattice.FinalAlignment(end)],
            new LatticeWeight((float)graph, (float)acoustic));
    }

    /// <summary>The best path as a lattice of its own arcs (Kaldi: lattice-1best); empty for an empty lattice.</summary>
    /// <param name="lattice">A word lattice whose costs are scaled as they count.</param>
    /// <param name="wordPenalty">The cost of every word, which the result does not have.</param>
    public static WordLattice FindLattice(WordLattice lattice, float wordPenalty = 0)
    {
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        if (Search(lattice, 1, wordPenalty) is not var (arcs, end))
            return builder.Build();

        var state = builder.AddState();
        foreach (var arc in arcs)
        {
            builder.AddArc(state, arc with { Next = builder.AddState() });
            state++;
        }

        builder.SetFinal(state, lattice.Final(end), [.. lattice.FinalAlignment(end)]);
        return builder.Build(keepOrder: true);
    }

    private static (List<WordArc> Arcs, int End)? Search(WordLattice lattice, float acousticScale, float wordPenalty)
    {
        var best = new double[lattice.StateCount];
        var previous = new (int State, WordArc? Arc)[lattice.StateCount];
        best.AsSpan(Math.Min(1, best.Length)).Fill(double.PositiveInfinity);
        var (end, endCost) = (-1, double.PositiveInfinity);
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
            {
                var cost = best[state] + Cost(arc.Weight) + (arc.Word == 0 ? 0 : wordPenalty);
                if (cost < best[arc.Next])
                    (best[arc.Next], previous[arc.Next]) = (cost, (state, arc));
            }

            if (best[state] + Cost(lattice.Final(state)) < endCost)
                (end, endCost) = (state, best[state] + Cost(lattice.Final(state)));
        }

        return end < 0 ? null : (Trace(previous, end), end);

        double Cost(LatticeWeight weight) =>
            weight.IsZero ? double.PositiveInfinity : weight.Graph + (double)(acousticScale * weight.Acoustic);
    }

    private static List<WordArc> Trace((int State, WordArc? Arc)[] previous, int end)
    {
        var arcs = new List<WordArc>();
        for (var (state, arc) = previous[end]; arc is not null; (state, arc) = previous[state])
            arcs.Add(arc);

        arcs.Reverse();
        return arcs;
    }
}
