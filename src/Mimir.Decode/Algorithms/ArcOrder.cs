using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>The order of the arcs within each state: by input label and then output label, or the other way round.</summary>
public static class ArcOrder
{
    /// <summary>Sorts the arcs of every state by input label, then by output label (OpenFst: fstarcsort --sort_type=ilabel).</summary>
    public static void SortByInput(VectorFst fst) => Sort(fst, InputKey);

    /// <summary>Sorts the arcs of every state by output label, then by input label (OpenFst: fstarcsort --sort_type=olabel).</summary>
    public static void SortByOutput(VectorFst fst) => Sort(fst, OutputKey);

    /// <summary>Tests for arcs in rising order of input labels.</summary>
    public static bool IsByInput(VectorFst fst) => IsBy(fst, arc => arc.Input);

    /// <summary>Tests for arcs in rising order of output labels.</summary>
    public static bool IsByOutput(VectorFst fst) => IsBy(fst, arc => arc.Output);

    private static long InputKey(FstArc arc) => ((long)arc.Input << 32) | (uint)arc.Output;

    private static long OutputKey(FstArc arc) => ((long)arc.Output << 32) | (uint)arc.Input;

    private static void Sort(VectorFst fst, Func<FstArc, long> key)
    {
        var keys = new long[16];
        for (var state = 0; state < fst.StateCount; state++)
        {
            var arcs = fst.Arcs(state);
            if (arcs.Length > keys.Length)
                keys = new long[2 * arcs.Length];

            var sorted = true;
            for (var i = 0; i < arcs.Length; i++)
            {
                keys[i] = key(arcs[i]);
                sorted &= i == 0 || keys[i - 1] <= keys[i];
            }

            if (!sorted)
                keys.AsSpan(0, arcs.Length).Sort(arcs);
        }
    }

    private static bool IsBy(VectorFst fst, Func<FstArc, int> label)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            var arcs = fst.Arcs(state);
            for (var i = 1; i < arcs.Length; i++)
            {
                if (label(arcs[i - 1]) > label(arcs[i]))
                    return false;
            }
        }

        return true;
    }
}
