namespace Mimir.Decode.Graphs;

/// <summary>
/// A weighted finite-state transducer that does not change: flat arrays, safe to share between threads. The arcs
/// of a state lie together, those with an input label first and the input-epsilons after them, each group in the
/// order it was given.
/// </summary>
public sealed class Fst
{
    // One record a state, so that a search touches one cache line to find its arcs.
    private readonly FstState[] _states;
    private readonly FstArc[] _arcs;

    internal Fst(int start, int[] offsets, FstArc[] arcs, float[] final)
    {
        Start = start;
        _arcs = arcs;
        _states = new FstState[final.Length];
        var epsilons = EpsilonSplit.Apply(offsets, arcs);
        for (var state = 0; state < final.Length; state++)
            _states[state] = new FstState(offsets[state], epsilons[state], offsets[state + 1], final[state]);
    }

    /// <summary>Gets the start state, or -1 when the transducer is empty.</summary>
    public int Start { get; }

    /// <summary>Gets the number of states.</summary>
    public int StateCount => _states.Length;

    /// <summary>Gets the number of arcs.</summary>
    public long ArcCount => _arcs.Length;

    /// <summary>Gets the symbols of the input labels that the file carried, or null.</summary>
    public SymbolTable? InputSymbols { get; init; }

    /// <summary>Gets the symbols of the output labels that the file carried, or null.</summary>
    public SymbolTable? OutputSymbols { get; init; }

    /// <summary>The final cost of a state; positive infinity when the state is not final.</summary>
    public float Final(int state) => _states[state].Final;

    /// <summary>All arcs of a state: the emitting ones, then the epsilons.</summary>
    public ReadOnlySpan<FstArc> Arcs(int state)
    {
        ref readonly var record = ref _states[state];
        return _arcs.AsSpan(record.Begin, record.End - record.Begin);
    }

    /// <summary>The arcs of a state that carry an input label.</summary>
    public ReadOnlySpan<FstArc> Emitting(int state)
    {
        ref readonly var record = ref _states[state];
        return _arcs.AsSpan(record.Begin, record.Epsilon - record.Begin);
    }

    /// <summary>The arcs of a state whose input label is epsilon.</summary>
    public ReadOnlySpan<FstArc> Epsilons(int state)
    {
        ref readonly var record = ref _states[state];
        return _arcs.AsSpan(record.Epsilon, record.End - record.Epsilon);
    }

    /// <summary>Whether a state has an arc whose input label is epsilon.</summary>
    public bool HasEpsilons(int state)
    {
        ref readonly var record = ref _states[state];
        return record.Epsilon != record.End;
    }

    /// <summary>Gets the largest input label of any arc; 0 without arcs.</summary>
    public int MaxInput()
    {
        var largest = 0;
        foreach (ref readonly var arc in _arcs.AsSpan())
            largest = Math.Max(largest, arc.Input);

        return largest;
    }

    private readonly record struct FstState(int Begin, int Epsilon, int End, float Final);
}
