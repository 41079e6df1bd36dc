using Mimir.Base;

namespace Mimir.Decode.Lattices;

/// <summary>Finds the best paths of a lattice in rising order of their costs, or random ones.</summary>
/// <remarks>
/// The costs from each state to the ends are known, so a best-first search over partial paths completes only paths that it
/// returns (A* with an exact estimate).
/// </remarks>
public static class NBest
{
    /// <summary>The best paths; as many as there are where there are fewer.</summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count.</param>
    /// <param name="count">The number of paths.</param>
    public static IEnumerable<Lattice> Best(Lattice lattice, int count)
    {
        if (lattice.StateCount == 0)
            yield break;

        var rest = Rest(lattice);
        var queue = new PriorityQueue<Step, (double Cost, long Order)>();
        var order = 0L;
        queue.Enqueue(new Step(null, default, 0, 0, false), (rest[0], order++));
        for (var found = 0; found < count && queue.TryDequeue(out var step, out _);)
        {
            if (step.IsEnd)
            {
                found++;
                yield return ToLattice(lattice, step);
                continue;
            }

            if (!lattice.Final(step.State).IsZero)
            {
                var cost = step.Cost + lattice.Final(step.State).Cost;
                queue.Enqueue(new Step(step, default, step.State, cost, true), (cost, order++));
            }

            foreach (ref readonly var arc in lattice.Arcs(step.State))
            {
                var cost = step.Cost + arc.Weight.Cost;
                queue.Enqueue(new Step(step, arc, arc.Next, cost, false), (cost + rest[arc.Next], order++));
            }
        }
    }

    /// <summary>Paths that take each arc, or the end, of a state with equal probability; their costs are 0.</summary>
    /// <param name="lattice">A lattice.</param>
    /// <param name="count">The number of paths, which may repeat.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    public static IEnumerable<Lattice> Random(Lattice lattice, int count, int seed)
    {
        var random = new SeededRandom(unchecked((ulong)seed));
        for (var i = 0; i < count && lattice.StateCount > 0; i++)
        {
            var step = new Step(null, default, 0, 0, false);
            while (!step.IsEnd)
            {
                var arcs = lattice.Arcs(step.State);
                var choice = random.Below(arcs.Length + (lattice.Final(step.State).IsZero ? 0 : 1));
                step = choice == arcs.Length
                    ? new Step(step, default, step.State, 0, true)
                    : new Step(step, arcs[choice], arcs[choice].Next, 0, false);
            }

            yield return ToLattice(lattice, step).Map((_, arc) => arc with { Weight = LatticeWeight.One }, (_, _) => LatticeWeight.One);
        }
    }

    private static double[] Rest(Lattice lattice)
    {
        var costs = new double[lattice.StateCount];
        for (var state = costs.Length - 1; state >= 0; state--)
        {
            costs[state] = lattice.Final(state).Cost;
            foreach (ref readonly var arc in lattice.Arcs(state))
                costs[state] = Math.Min(costs[state], arc.Weight.Cost + costs[arc.Next]);
        }

        return costs;
    }

    // As in Kaldi, an arc without label and cost leads to the path.
    private static Lattice ToLattice(Lattice lattice, Step end)
    {
        var arcs = new List<LatticeArc>();
        for (var step = end.Previous; step?.Previous is not null; step = step.Previous)
            arcs.Add(step.Arc);

        arcs.Reverse();
        var builder = new LatticeBuilder { IsPartial = lattice.IsPartial };
        var state = builder.AddState();
        builder.AddArc(state, new LatticeArc(0, 0, LatticeWeight.One, ++state));
        builder.AddState();
        foreach (var arc in arcs)
        {
            builder.AddArc(state, arc with { Next = builder.AddState() });
            state++;
        }

        builder.SetFinal(state, lattice.Final(end.State));
        return builder.Build();
    }

    private sealed record Step(Step? Previous, LatticeArc Arc, int State, double Cost, bool IsEnd);
}
