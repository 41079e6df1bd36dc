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
    /// <param name="start">The start.</param>
    /// <param name="begin">The place of each state's first successor, and behind the last state their number, <c>[S + 1]</c>.</param>
    /// <param name="next">The states that each state leads to.</param>
    /// <param name="isEnd">True for an end.</param>
    /// <param name="keep">Keep the order of the numbers where that is already such an order.</param>
    /// <exception cref="InputException">There is a cycle.</exception>
    public static List<int> Sort(int start, int[] begin, int[] next, Func<int, bool> isEnd, bool keep = false)
    {
        var sorted = Sort(start, begin, next, isEnd);
        if (!keep || sorted.Count == 0 || sorted.Exists(LeadsBack))
            return sorted;

        var kept = sorted.Order().ToList();
        return kept[0] == start ? kept : sorted;

        bool LeadsBack(int state) => state > 0 && next.AsSpan(begin[state]..begin[state + 1]).IndexOfAnyInRange(0, state - 1) >= 0;
    }

    /// <summary>The place of each state in an order; -1 for those that are not in it.</summary>
    /// <param name="count">The number of states.</param>
    /// <param name="order">The order.</param>
    public static int[] NumbersOf(int count, List<int> order)
    {
        var numbers = new int[count];
        Array.Fill(numbers, -1);
        for (var i = 0; i < order.Count; i++)
            numbers[order[i]] = i;

        return numbers;
    }

    private static List<int> Sort(int start, int[] begin, int[] next, Func<int, bool> isEnd)
    {
        var count = begin.Length - 1;
        var marks = new Mark[count];
        var useful = new bool[count];
        var finished = new List<int>(count);
        var stack = new Stack<(int State, int Arc)>();
        if (count > 0)
            Open(start);

        while (stack.TryPop(out var top))
        {
            var (state, arc) = top;
            if (arc < begin[state + 1])
            {
                stack.Push((state, arc + 1));
                if (marks[next[arc]] == Mark.Open)
                    throw new InputException("the lattice has a cycle: the graph has a cycle that consumes no frame");

                if (marks[next[arc]] == Mark.New)
                    Open(next[arc]);
            }
            else
            {
                marks[state] = Mark.Done;
                useful[state] = isEnd(state);
                for (var i = begin[state]; i < begin[state + 1] && !useful[state]; i++)
                    useful[state] = useful[next[i]];

                if (useful[state])
                    finished.Add(state);
            }
        }

        finished.Reverse();
        return finished;

        void Open(int state)
        {
            marks[state] = Mark.Open;
            stack.Push((state, begin[state]));
        }
    }
}
