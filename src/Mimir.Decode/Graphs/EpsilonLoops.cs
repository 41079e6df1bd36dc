using System.Globalization;
using Mimir.Base;

namespace Mimir.Decode.Graphs;

/// <summary>
/// Finds loops of arcs without an input label. A path may run through one for ever without a frame, so its costs must not sum to
/// less than 0.
/// </summary>
internal static class EpsilonLoops
{
    /// <summary>A sum from minus this on counts as 0: sums of rounded weights are not exact.</summary>
    public const float Tolerance = 1e-3f;

    // Beyond this many steps for each state and arc of a loop, the search for a negative sum gives up.
    private const int MaxSteps = 20;

    /// <summary>Finds the loop of each state, in time linear in the arcs.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>A number from 1 for the states of each set of connected loops, 0 for the others; null where there are no loops.</returns>
    /// <exception cref="InputException">A loop has a negative sum, or more loops are connected than can be checked.</exception>
    public static int[]? Find(Fst graph)
    {
        var left = StatesLeft(graph);
        if (left.Count == 0)
            return null;

        var loops = new int[graph.StateCount];
        var members = Components(graph, left, loops);
        if (members.Count == 0)
            return null;

        foreach (var states in members)
            CheckSums(graph, states, loops);

        return loops;
    }

    // The states that remain when those without an arc from a remaining state are taken away, again and again: those of loops and
    // those behind them.
    private static List<int> StatesLeft(Fst graph)
    {
        var arcsInto = new int[graph.StateCount];
        for (var state = 0; state < arcsInto.Length; state++)
        {
            foreach (ref readonly var arc in graph.Epsilons(state))
                arcsInto[arc.Next]++;
        }

        var free = new Stack<int>();
        for (var state = 0; state < arcsInto.Length; state++)
        {
            if (arcsInto[state] == 0 && graph.HasEpsilons(state))
                free.Push(state);
        }

        while (free.TryPop(out var state))
        {
            foreach (ref readonly var arc in graph.Epsilons(state))
            {
                if (--arcsInto[arc.Next] == 0)
                    free.Push(arc.Next);
            }
        }

        var left = new List<int>();
        for (var state = 0; state < arcsInto.Length; state++)
        {
            if (arcsInto[state] > 0)
                left.Add(state);
        }

        return left;
    }

    // Tarjan's strongly connected components, without recursion; only those with a loop get a number.
    private static List<List<int>> Components(Fst graph, List<int> roots, int[] loops)
    {
        var visits = new Dictionary<int, (int Order, int Low, bool Open)>();
        var open = new Stack<int>();
        var path = new Stack<(int State, int Arc)>();
        var members = new List<List<int>>();
        foreach (var root in roots)
        {
            if (visits.ContainsKey(root))
                continue;

            Enter(root);
            while (path.TryPop(out var step))
            {
                var arcs = graph.Epsilons(step.State);
                if (step.Arc < arcs.Length)
                {
                    path.Push((step.State, step.Arc + 1));
                    var next = arcs[step.Arc].Next;
                    if (!visits.TryGetValue(next, out var known))
                        Enter(next);
                    else if (known.Open)
                        Lower(step.State, known.Order);
                }
                else
                {
                    Leave(step.State);
                    if (path.TryPeek(out var parent))
                        Lower(parent.State, visits[step.State].Low);
                }
            }
        }

        return members;

        void Enter(int state)
        {
            visits.Add(state, (visits.Count, visits.Count, true));
            open.Push(state);
            path.Push((state, 0));
        }

        void Lower(int state, int order)
        {
            var visit = visits[state];
            if (order < visit.Low)
                visits[state] = visit with { Low = order };
        }

        void Leave(int state)
        {
            if (visits[state] is var visit && visit.Low != visit.Order)
                return;

            var component = new List<int>();
            for (var last = -1; last != state; component.Add(last))
            {
                last = open.Pop();
                visits[last] = visits[last] with { Open = false };
            }

            if (component.Count == 1 && !HasSelfLoop(graph, state))
                return;

            members.Add(component);
            foreach (var member in component)
                loops[member] = members.Count;
        }
    }

    private static bool HasSelfLoop(Fst graph, int state)
    {
        foreach (ref readonly var arc in graph.Epsilons(state))
        {
            if (arc.Next == state)
                return true;
        }

        return false;
    }

    // Bellman and Ford's shortest paths from anywhere: they come to rest unless a loop makes them ever shorter.
    private static void CheckSums(Fst graph, List<int> states, int[] loops)
    {
        var loop = loops[states[0]];
        var distance = new Dictionary<int, double>();
        var before = new Dictionary<int, int>();
        var queue = new Queue<int>(states);
        var waiting = new HashSet<int>(states);
        long size = states.Sum(state => 1L + graph.Epsilons(state).Length);
        for (long steps = 0, check = states.Count; queue.TryDequeue(out var state); steps++)
        {
            waiting.Remove(state);
            var from = distance.GetValueOrDefault(state);
            foreach (ref readonly var arc in graph.Epsilons(state))
            {
                if (loops[arc.Next] != loop || from + arc.Weight >= distance.GetValueOrDefault(arc.Next) - Tolerance)
                    continue;
                if (arc.Next == state)
                    throw Negative(state, arc.Weight, 1);

                distance[arc.Next] = from + arc.Weight;
                before[arc.Next] = state;
                if (waiting.Add(arc.Next))
                    queue.Enqueue(arc.Next);
            }

            if (steps < check)
                continue;

            // Each time the work has doubled, the steps are followed backwards.
            check *= 2;
            RequireNoLoop(graph, before);
            if (steps > MaxSteps * size)
                throw new InputException($"state {state}: {states.Count} states form more loops without input than can be checked");
        }
    }

    private static void RequireNoLoop(Fst graph, Dictionary<int, int> before)
    {
        var seen = new Dictionary<int, int>();
        foreach (var first in before.Keys)
        {
            var state = first;
            while (seen.TryAdd(state, first) && before.TryGetValue(state, out var previous))
                state = previous;

            if (seen[state] == first && before.ContainsKey(state))
                ReportIfLoop(graph, before, state);
        }
    }

    private static void ReportIfLoop(Fst graph, Dictionary<int, int> before, int start)
    {
        var (sum, count) = (0.0, 0);
        var state = start;
        do
        {
            if (!before.TryGetValue(state, out var previous))
                return;

            var least = double.PositiveInfinity;
            foreach (ref readonly var arc in graph.Epsilons(previous))
            {
                if (arc.Next == state)
                    least = Math.Min(least, arc.Weight);
            }

            (sum, count, state) = (sum + least, count + 1, previous);
        }
        while (state != start && count <= before.Count);

        if (state == start && sum < -Tolerance)
            throw Negative(start, sum, count);
    }

    private static InputException Negative(int state, double sum, int arcs)
    {
        var shown = sum.ToString("0.######", CultureInfo.InvariantCulture);
        return new InputException(
            $"state {state}: a loop of {arcs} arcs without input sums to {shown}, so that paths get ever better in it; such loops "
            + "come from back-off weights above 0 in the language model");
    }
}
