using Mimir.Base;

namespace Mimir.Decode.Lattices;

/// <summary>Topological order of the states that lie on a path from the start to an end.</summary>
internal static class LatticeOrder
{
    private enum Mark : byte
    {
        New,
        Open,
        Done,
    }

    /// <summary>The useful states, each before those it leads to; the start first.</summary>
    /// <param name="count">The number of states.</param>
    /// <param name="start">The start.</param>
    /// <param name="successors">The states that a state leads to.</param>
    /// <param name="isEnd">True for an end.</param>
    /// <param name="keep">Keep the order of the numbers where that is already such an order.</param>
    /// <exception cref="InputException">There is a cycle.</exception>
    public static List<int> Sort(int count, int start, Func<int, List<int>> successors, Func<int, bool> isEnd, bool keep = false)
    {
        var sorted = Sort(count, start, successors, isEnd);
        if (!keep || sorted.Count == 0 || sorted.Exists(state => successors(state).Exists(next => next < state)))
            return sorted;

        var kept = sorted.Order().ToList();
        return kept[0] == start ? kept : sorted;
    }

    private static List<int> Sort(int count, int start, Func<int, List<int>> successors, Func<int, bool> isEnd)
    {
        var marks = new Mark[count];
        var useful = new bool[count];
        var finished = new List<int>();
        var stack = new Stack<(int State, List<int> Next, int Position)>();
        if (count > 0)
            Open(start);

        while (stack.TryPop(out var top))
        {
            if (top.Position < top.Next.Count)
            {
                var next = top.Next[top.Position];
                stack.Push(top with { Position = top.Position + 1 });
                if (marks[next] == Mark.Open)
                    throw new InputException("the lattice has a cycle: the graph has a cycle that consumes no frame");

                if (marks[next] == Mark.New)
                    Open(next);
            }
            else
            {
                marks[top.State] = Mark.Done;
                useful[top.State] = isEnd(top.State) || top.Next.Exists(next => useful[next]);
                if (useful[top.State])
                    finished.Add(top.State);
            }
        }

        finished.Reverse();
        return finished;

        void Open(int state)
        {
            marks[state] = Mark.Open;
            stack.Push((state, successors(state), 0));
        }
    }
}
