using System.Runtime.InteropServices;

namespace Mimir.Decode.Graphs;

/// <summary>
/// A weighted finite-state transducer that can be changed, over the tropical semiring unless an algorithm says otherwise. States
/// are numbered from 0 in the order they are added; labels are from 0, which is epsilon. Not thread-safe.
/// </summary>
public sealed class VectorFst
{
    private readonly List<List<FstArc>> _arcs = [];
    private readonly List<float> _final = [];

    /// <summary>Gets or sets the start state; -1 while there is none, which means an empty transducer.</summary>
    public int Start { get; set; } = -1;

    /// <summary>Gets the number of states.</summary>
    public int StateCount => _final.Count;

    /// <summary>Gets the number of arcs of all states.</summary>
    public long ArcCount => _arcs.Sum(arcs => (long)arcs.Count);

    /// <summary>Gets or sets the symbols of the input labels, or null.</summary>
    public SymbolTable? InputSymbols { get; set; }

    /// <summary>Gets or sets the symbols of the output labels, or null.</summary>
    public SymbolTable? OutputSymbols { get; set; }

    /// <summary>Adds a state that is not final and returns its number.</summary>
    public int AddState()
    {
        _arcs.Add([]);
        _final.Add(float.PositiveInfinity);
        return _final.Count - 1;
    }

    /// <summary>The final cost of a state; positive infinity when the state is not final.</summary>
    public float Final(int state) => _final[state];

    /// <summary>Sets the final cost of a state; positive infinity makes it no end.</summary>
    public void SetFinal(int state, float cost = 0) => _final[state] = cost;

    /// <summary>Adds an arc at the end of a state's arcs.</summary>
    public void AddArc(int state, FstArc arc) => _arcs[state].Add(arc);

    /// <summary>The arcs of a state, which may be changed in place; valid until an arc of the state is added or removed.</summary>
    public Span<FstArc> Arcs(int state) => CollectionsMarshal.AsSpan(_arcs[state]);

    /// <summary>Replaces the arcs of a state.</summary>
    public void SetArcs(int state, IEnumerable<FstArc> arcs) => _arcs[state] = [.. arcs];

    /// <summary>Removes all states.</summary>
    public void Clear()
    {
        _arcs.Clear();
        _final.Clear();
        Start = -1;
    }

    /// <summary>Makes a graph for decoding.</summary>
    /// <exception cref="Mimir.Base.InputException">Arcs without input form a loop with a negative sum.</exception>
    public Fst ToFst()
    {
        var builder = new FstBuilder();
        for (var state = 0; state < StateCount; state++)
        {
            builder.AddState();
            builder.SetFinal(state, Final(state));
        }

        for (var state = 0; state < StateCount; state++)
        {
            foreach (ref readonly var arc in Arcs(state))
                builder.AddArc(state, arc);
        }

        builder.Start = Start;
        return builder.Build(InputSymbols, OutputSymbols);
    }
}
