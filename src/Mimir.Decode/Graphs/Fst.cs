using System.Runtime.InteropServices;

namespace Mimir.Decode.Graphs;

/// <summary>A transition of a weighted finite-state transducer, laid out as OpenFst writes it (16 bytes).</summary>
/// <param name="Input">The input label: in a decoding graph a transition-id; 0 is epsilon (consumes no frame).</param>
/// <param name="Output">The output label: in a decoding graph a word; 0 is epsilon.</param>
/// <param name="Weight">The cost, a negative log-probability.</param>
/// <param name="Next">The state that the arc leads to.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct FstArc(int Input, int Output, float Weight, int Next);

/// <summary>A weighted finite-state transducer as its readers see it.</summary>
public interface IFst
{
    /// <summary>Gets the start state, or -1 when the transducer is empty.</summary>
    int Start { get; }

    /// <summary>Gets the number of states.</summary>
    int StateCount { get; }

    /// <summary>Gets the number of arcs of all states.</summary>
    long ArcCount { get; }

    /// <summary>Gets the symbols of the input labels, or null.</summary>
    SymbolTable? InputSymbols { get; }

    /// <summary>Gets the symbols of the output labels, or null.</summary>
    SymbolTable? OutputSymbols { get; }

    /// <summary>The final cost of a state; positive infinity when the state is not final.</summary>
    float Final(int state);

    /// <summary>The arcs of a state.</summary>
    ReadOnlySpan<FstArc> Arcs(int state);
}

/// <summary>
/// An immutable weighted finite-state transducer in flat arrays. Thread-safe. The arcs of a state are contiguous, those with an
/// input label first and the input-epsilons after them, each group in the original order.
/// </summary>
public sealed class Fst : IFst
{
    // One record a state, so that a search reads one cache line to find its arcs.
    private readonly FstState[] _states;
    private readonly FstArc[] _arcs;

    /// <exception cref="Mimir.Base.InputException">Arcs without input form a loop with a negative sum.</exception>
    internal Fst(int start, int[] offsets, FstArc[] arcs, float[] final)
    {
        Start = start;
        _arcs = arcs;
        _states = new FstState[final.Length];
        var epsilons = EpsilonSplit.Apply(offsets, arcs);
        for (var state = 0; state < final.Length; state++)
            _states[state] = new FstState(offsets[state], epsilons[state], offsets[state + 1], final[state]);

        Loops = EpsilonLoops.Find(this);
    }

    /// <summary>Gets the start state, or -1 when the transducer is empty.</summary>
    public int Start { get; }

    /// <summary>Gets the number of states.</summary>
    public int StateCount => _states.Length;

    /// <summary>Gets the number of arcs.</summary>
    public long ArcCount => _arcs.Length;

    /// <summary>Gets the loop of arcs without input that each state belongs to (<see cref="EpsilonLoops"/>); null for none.</summary>
    internal int[]? Loops { get; }

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

    /// <summary>The arcs of a state that carry an input label, and the index of the first one of them.</summary>
    internal ReadOnlySpan<FstArc> Emitting(int state, out int first)
    {
        ref readonly var record = ref _states[state];
        first = record.Begin;
        return _arcs.AsSpan(record.Begin, record.Epsilon - record.Begin);
    }

    /// <summary>The arcs of a state whose input label is epsilon.</summary>
    public ReadOnlySpan<FstArc> Epsilons(int state)
    {
        ref readonly var record = ref _states[state];
        return _arcs.AsSpan(record.Epsilon, record.End - record.Epsilon);
    }

    /// <summary>The arcs of a state whose input label is epsilon, and the index of the first one of them.</summary>
    internal ReadOnlySpan<FstArc> Epsilons(int state, out int first)
    {
        ref readonly var record = ref _states[state];
        first = record.Epsilon;
        return _arcs.AsSpan(record.Epsilon, record.End - record.Epsilon);
    }

    /// <summary>An arc by its index.</summary>
    internal ref readonly FstArc Arc(int index) => ref _arcs[index];

    /// <summary>True when a state has an arc whose input label is epsilon.</summary>
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

/// <summary>
/// Moves the input-epsilons of every state behind its emitting arcs, so that a search reads only the arcs it needs.
/// </summary>
internal static class EpsilonSplit
{
    /// <summary>
    /// Reorders <paramref name="arcs"/> in place, stable in both groups; returns the index of each state's first epsilon.
    /// </summary>
    public static int[] Apply(int[] offsets, FstArc[] arcs)
    {
        var splits = new int[offsets.Length - 1];
        var epsilons = new List<FstArc>();
        for (var state = 0; state < splits.Length; state++)
        {
            epsilons.Clear();
            var write = offsets[state];
            for (var read = offsets[state]; read < offsets[state + 1]; read++)
            {
                if (arcs[read].Input == 0)
                    epsilons.Add(arcs[read]);
                else
                    arcs[write++] = arcs[read];
            }

            splits[state] = write;
            foreach (var arc in epsilons)
                arcs[write++] = arc;
        }

        return splits;
    }
}
