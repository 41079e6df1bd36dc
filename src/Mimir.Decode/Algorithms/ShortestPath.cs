using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>The path of least cost through a transducer (OpenFst: fstshortestpath).</summary>
public static class ShortestPath
{
    /// <summary>Finds the path, by Bellman and Ford's algorithm with a queue, as costs may be negative.</summary>
    /// <returns>The arcs from the start to a final state, or null where no path is successful.</returns>
    /// <exception cref="InputException">A loop has a negative sum, so that no path is the best.</exception>
    public static IReadOnlyList<FstArc>? Find(IFst fst)
    {
        if (fst.Start < 0)
            return null;

        var costs = new double[fst.StateCount];
        Array.Fill(costs, double.PositiveInfinity);
        costs[fst.Start] = 0;
        var arcs = new (int From, FstArc Arc)[fst.StateCount];
        var rounds = new int[fst.StateCount];
        var waiting = new bool[fst.StateCount];
        var queue = new Queue<int>([fst.Start]);
        while (queue.TryDequeue(out var state))
        {
            waiting[state] = false;
            if (++rounds[state] > fst.StateCount)
                throw new InputException($"state {state}: a loop has a negative sum, so that paths get ever better in it");

            foreach (ref readonly var arc in fst.Arcs(state))
            {
                var cost = costs[state] + arc.Weight;
                if (cost >= costs[arc.Next])
                    continue;

                costs[arc.Next] = cost;
                arcs[arc.Next] = (state, arc);
                if (waiting[arc.Next])
                    continue;

                waiting[arc.Next] = true;
                queue.Enqueue(arc.Next);
            }
        }

        return Trace(fst, costs, arcs);
    }

    private static List<FstArc>? Trace(IFst fst, double[] costs, (int From, FstArc Arc)[] arcs)
    {
        var end = -1;
        for (var state = 0; state < costs.Length; state++)
        {
            var cost = costs[state] + fst.Final(state);
            if (!double.IsPositiveInfinity(cost) && (end < 0 || cost < costs[end] + fst.Final(end)))
                end = state;
        }

        if (end < 0)
            return null;

        var path = new List<FstArc>();
        for (var state = end; state != fst.Start; state = arcs[state].From)
            path.Add(arcs[state].Arc);

        path.Reverse();
        return path;
    }
}
