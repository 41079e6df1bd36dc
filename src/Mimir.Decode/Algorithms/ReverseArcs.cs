using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>The states from which arcs lead to each state, in flat arrays: one entry for each arc.</summary>
internal sealed class ReverseArcs
{
    private readonly int[] _from;
    private readonly long[] _offsets;

    /// <exception cref="Mimir.Base.InputException">There are more arcs than an array can hold.</exception>
    public ReverseArcs(VectorFst fst)
    {
        if (fst.ArcCount > Array.MaxLength)
            throw new Base.InputException($"the transducer has {fst.ArcCount} arcs; at most {Array.MaxLength} are supported");

        _offsets = new long[fst.StateCount + 1];
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref readonly var arc in fst.Arcs(state))
                _offsets[arc.Next + 1]++;
        }

        for (var state = 0; state < fst.StateCount; state++)
            _offsets[state + 1] += _offsets[state];

        _from = new int[fst.ArcCount];
        var next = _offsets.AsSpan(0, fst.StateCount).ToArray();
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref readonly var arc in fst.Arcs(state))
                _from[next[arc.Next]++] = state;
        }
    }

    /// <summary>The states with an arc into a state; one with several such arcs comes several times.</summary>
    public ReadOnlySpan<int> Into(int state) =>
        _from.AsSpan((int)_offsets[state], (int)(_offsets[state + 1] - _offsets[state]));
}
