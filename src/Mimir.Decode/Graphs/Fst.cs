namespace Mimir.Decode.Graphs;

/// <summary>
/// A weighted finite-state transducer that does not change: flat arrays, safe to share between threads. The arcs of a state
/// lie together, those with an input label first and the input-epsilons after them, each group in the order it was given.
/// </summary>
public sealed class Fst
{
    private readonly int[] _begin;
    private readonly int[] _epsilon;
    private readonly FstArc[] _arcs;
    private readonly float[] _final;

    internal Fst(int start, int[] begin, int[] epsilon, FstArc[] arcs, float[] final)
    {
        Start = start;
        _begin = begin;
        _epsilon = epsilon;
        _arcs = arcs;
        _final = final;
    }

    /// <summary>Gets the start state, or -1 when the transducer is empty.</summary>
    public int Start { get; }

    /// <summary>Gets the number of states.</summary>
    public int StateCount => _final.Length;

    /// <summary>Gets the number of arcs.</summary>
    public long ArcCount => _arcs.Length;

    /// <summary>Gets the symbols of the input labels that the file carried, or null.</summary>
    public SymbolTable? InputSymbols { get; init; }

    /// <summary>Gets the symbols of the output labels that the file carried, or null.</summary>
    public SymbolTable? OutputSymbols { get; init; }

    /// <summary>The final cost of a state; positive infinity when the state is not final.</summary>
    public float Final(int state) => _final[state];

    /// <summary>All arcs of a state: the emitting ones, then the epsilons.</summary>
    public ReadOnlySpan<FstArc> Arcs(int state) => Slice(_begin[state], _begin[state + 1]);

    /// <summary>The arcs of a state that carry an input label.</summary>
    public ReadOnlySpan<FstArc> Emitting(int state) => Slice(_begin[state], _epsilon[state]);

    /// <summary>The arcs of a state whose input label is epsilon.</summary>
    public ReadOnlySpan<FstArc> Epsilons(int state) => Slice(_epsilon[state], _begin[state + 1]);

    /// <summary>Whether a state has an arc whose input label is epsilon.</summary>
    public bool HasEpsilons(int state) => _epsilon[state] != _begin[state + 1];

    /// <summary>Gets the largest input label of any arc; 0 without arcs.</summary>
    public int MaxInput()
    {
        var largest = 0;
        foreach (ref readonly var arc in _arcs.AsSpan())
            largest = Math.Max(largest, arc.Input);

        return largest;
    }

    private ReadOnlySpan<FstArc> Slice(int from, int to) => _arcs.AsSpan(from, to - from);
}
