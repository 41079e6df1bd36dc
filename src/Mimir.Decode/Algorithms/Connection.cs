using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>Removes the states that no successful path passes (OpenFst: fstconnect).</summary>
public static class Connection
{
    /// <summary>Removes all states that the start does not reach or that reach no final state; the others keep their order.</summary>
    /// <param name="fst">The transducer; empty afterwards where no path is successful.</param>
    public static void Trim(VectorFst fst)
    {
        if (fst.Start < 0)
        {
            fst.Clear();
            return;
        }

        var numbers = Successful(fst);
        var kept = 0;
        for (var state = 0; state < numbers.Length; state++)
            numbers[state] = numbers[state] == 2 ? kept++ : -1;

        if (kept < numbers.Length)
            fst.Renumber(numbers);
    }

    // 2 for states on a successful path, 1 for states that are only reached, 0 for others.
    private static int[] Successful(VectorFst fst)
    {
        var marks = new int[fst.StateCount];
        var open = new Stack<int>([fst.Start]);
        marks[fst.Start] = 1;
        while (open.TryPop(out var state))
        {
            foreach (ref readonly var arc in fst.Arcs(state))
            {
                if (marks[arc.Next] != 0)
                    continue;

                marks[arc.Next] = 1;
                open.Push(arc.Next);
            }
        }

        var reverse = new ReverseArcs(fst);
        for (var state = 0; state < marks.Length; state++)
        {
            if (marks[state] == 1 && !float.IsPositiveInfinity(fst.Final(state)))
            {
                marks[state] = 2;
                open.Push(state);
            }

            while (open.TryPop(out var reaching))
            {
                foreach (var from in reverse.Into(reaching))
                {
                    if (marks[from] != 1)
                        continue;

                    marks[from] = 2;
                    open.Push(from);
                }
            }
        }

        return marks;
    }
}
