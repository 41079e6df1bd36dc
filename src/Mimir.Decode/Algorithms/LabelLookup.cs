using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Finds the arcs of a state by label: by a table where the labels are dense, as in a lexicon's start state, else by halving.
/// Tables are made at the first use of a state and kept (Kaldi: <c>TableMatcher</c>, fstext/table-matcher.h).
/// </summary>
/// <param name="fst">A transducer whose arcs are sorted by that label.</param>
/// <param name="byOutput">True for output labels, false for input labels.</param>
internal sealed class LabelLookup(VectorFst fst, bool byOutput)
{
    private const int SmallestTable = 4;
    private const float LeastDensity = 0.25f;

    // By state, the index of the first arc of each label; empty for states that are searched by halving.
    private readonly int[]?[] _tables = new int[fst.StateCount][];

    /// <summary>The arcs of a state with a label.</summary>
    public ReadOnlySpan<FstArc> Find(int state, int label)
    {
        ReadOnlySpan<FstArc> arcs = fst.Arcs(state);
        var table = _tables[state] ??= Table(arcs);
        var first = table.Length > 0
            ? label < table.Length ? table[label] : -1
            : FirstOf(arcs, label);
        if (first < 0)
            return [];

        var end = first;
        while (end < arcs.Length && LabelOf(arcs[end]) == label)
            end++;

        return arcs[first..end];
    }

    private int[] Table(ReadOnlySpan<FstArc> arcs)
    {
        if (arcs.Length < SmallestTable || (LabelOf(arcs[^1]) + 1L) * LeastDensity > arcs.Length)
            return [];

        var table = new int[LabelOf(arcs[^1]) + 1];
        Array.Fill(table, -1);
        for (var i = arcs.Length - 1; i >= 0; i--)
            table[LabelOf(arcs[i])] = i;

        return table;
    }

    private int FirstOf(ReadOnlySpan<FstArc> arcs, int label)
    {
        var (low, high) = (0, arcs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (LabelOf(arcs[middle]) < label)
                low = middle + 1;
            else
                high = middle;
        }

        return low < arcs.Length && LabelOf(arcs[low]) == label ? low : -1;
    }

    private int LabelOf(in FstArc arc) => byOutput ? arc.Output : arc.Input;
}
