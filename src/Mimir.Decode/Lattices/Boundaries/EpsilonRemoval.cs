namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>
/// Removes arcs without a word: their costs and transition-ids go to the arcs behind them. Of arcs with one word between two states
/// the best is left.
/// </summary>
internal static class EpsilonRemoval
{
    public static WordLattice Remove(WordLattice lattice)
    {
        var arcs = new List<WordArc>[lattice.StateCount];
        var finals = new (LatticeWeight Weight, int[] Alignment)[arcs.Length];
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = arcs.Length - 1; state >= 0; state--)
        {
            var kept = new Dictionary<(int Word, int Next), int>();
            arcs[state] = [];
            finals[state] = (lattice.Final(state), [.. lattice.FinalAlignment(state)]);
            foreach (var arc in lattice.Arcs(state))
            {
                if (arc.Word != 0)
                {
                    Add(arcs[state], kept, arc);
                    continue;
                }

                var (weight, alignment) = finals[arc.Next];
                if (!weight.IsZero && arc.Weight.Times(weight).IsBetterThan(finals[state].Weight))
                    finals[state] = (arc.Weight.Times(weight), [.. arc.Alignment, .. alignment]);

                foreach (var next in arcs[arc.Next])
                {
                    Add(arcs[state], kept, next with
                    {
                        Weight = arc.Weight.Times(next.Weight),
                        Alignment = [.. arc.Alignment, .. next.Alignment],
                    });
                }
            }
        }

        for (var state = 0; state < arcs.Length; state++)
            builder.SetFinal(builder.AddState(), finals[state].Weight, finals[state].Alignment);

        for (var state = 0; state < arcs.Length; state++)
            arcs[state].ForEach(arc => builder.AddArc(state, arc));

        return builder.Build(keepOrder: true);
    }

    private static void Add(List<WordArc> arcs, Dictionary<(int Word, int Next), int> kept, WordArc arc)
    {
        if (kept.TryAdd((arc.Word, arc.Next), arcs.Count))
            arcs.Add(arc);
        else if (arc.Weight.IsBetterThan(arcs[kept[(arc.Word, arc.Next)]].Weight))
            arcs[kept[(arc.Word, arc.Next)]] = arc;
    }
}
