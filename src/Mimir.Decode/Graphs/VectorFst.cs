using System.Runtime.InteropServices;

namespace Mimir.Decode.Graphs;

/// <summary>
/// A weighted finite-state transducer that can be changed, over the tropical semiring unless an algorithm says otherwise. States
/// are numbered from 0 in the order they are added; labels are from 0, which is epsilon. Not thread-safe.
/// </summary>
public sealed class VectorFst : IFst
{
    private readonly List<float> _final = [];
    private ArcStore _arcs = new();

    /// <summary>Gets or sets the start state; -1 while there is none, which means an empty transducer.</summary>
    public int Start { get; set; } = -1;

    /// <summary>Gets the number of states.</summary>
    public int StateCount => _final.Count;

    /// <summary>Gets the number of arcs of all states.</summary>
    public long ArcCount => _arcs.ArcCount;

    /// <summary>Gets or sets the symbols of the input labels, or null.</summary>
    public SymbolTable? InputSymbols { get; set; }

    /// <summary>Gets or sets the symbols of the output labels, or null.</summary>
    public SymbolTable? OutputSymbols { get; set; }

    /// <summary>Adds a state and returns its number.</summary>
    /// <param name="final">The final cost; by default the state is not final.</param>
    public int AddState(float final = float.PositiveInfinity)
    {
        _arcs.AddState();
        _final.Add(final);
        return _final.Count - 1;
    }

    /// <summary>The final cost of a state; positive infinity when the state is not final.</summary>
    public float Final(int state) => _final[state];

    /// <summary>Sets the final cost of a state; positive infinity makes it no end.</summary>
    public void SetFinal(int state, float cost = 0) => _final[state] = cost;

    /// <summary>Adds an arc at the end of a state's arcs.</summary>
    public void AddArc(int state, FstArc arc) => _arcs.Add(state, arc);

    /// <summary>The arcs of a state, which may be changed in place; valid until arcs of any state are added or removed.</summary>
    public Span<FstArc> Arcs(int state) => _arcs.Of(state);

    /// <summary>Replaces the arcs of a state.</summary>
    public void SetArcs(int state, ReadOnlySpan<FstArc> arcs) => _arcs.Set(state, arcs);

    /// <summary>Removes states, and the arcs that lead to them; without the start, all.</summary>
    /// <param name="numbers">By old number the new one, rising from 0; -1 for states to remove.</param>
    public void Renumber(ReadOnlySpan<int> numbers)
    {
        _arcs.Renumber(numbers);
        var states = 0;
        for (var state = 0; state < numbers.Length; state++)
        {
            if (numbers[state] >= 0)
                _final[states++] = _final[state];
        }

        CollectionsMarshal.SetCount(_final, states);
        Start = Start < 0 ? -1 : numbers[Start];
        if (Start < 0)
            Clear();
    }

    /// <summary>Removes all states.</summary>
    public void Clear()
    {
        _arcs = new ArcStore();
        _final.Clear();
        Start = -1;
    }

    /// <summary>Takes the states and symbols of another transducer, which is empty afterwards.</summary>
    public void Take(VectorFst other)
    {
        _final.Clear();
        _final.AddRange(other._final);
        (_arcs, Start) = (other._arcs, other.Start);
        (InputSymbols, OutputSymbols) = (other.InputSymbols, other.OutputSymbols);
        other.Clear();
    }

    /// <summary>Copies the transducer.</summary>
    public VectorFst Copy()
    {
        var copy = new VectorFst { InputSymbols = InputSymbols, OutputSymbols = OutputSymbols };
        for (var state = 0; state < StateCount; state++)
            copy.SetArcs(copy.AddState(Final(state)), Arcs(state));

        copy.Start = Start;
        return copy;
    }

    ReadOnlySpan<FstArc> IFst.Arcs(int state) => Arcs(state);

    /// <summary>Makes a graph for decoding.</summary>
    /// <exception cref="Mimir.Base.InputException">Arcs without input form a loop with a negative sum.</exception>
    /// <exception cref="ArgumentException">An arc or the start leads to a state that was never added.</exception>
    public Fst ToFst()
    {
        if (StateCount > 0 && (uint)Start >= (uint)StateCount)
            throw new ArgumentException($"the start state {Start} was not added");

        var offsets = new int[StateCount + 1];
        var arcs = new FstArc[ArcCount];
        for (var state = 0; state < StateCount; state++)
        {
            foreach (ref readonly var arc in Arcs(state))
            {
                if ((uint)arc.Next >= (uint)StateCount)
                    throw new ArgumentException($"an arc of state {state} leads to state {arc.Next}, which was not added");
            }

            Arcs(state).CopyTo(arcs.AsSpan(offsets[state]));
            offsets[state + 1] = offsets[state] + Arcs(state).Length;
        }

        return new Fst(StateCount == 0 ? -1 : Start, offsets, arcs, [.. _final])
        {
            InputSymbols = InputSymbols,
            OutputSymbols = OutputSymbols,
        };
    }
}
