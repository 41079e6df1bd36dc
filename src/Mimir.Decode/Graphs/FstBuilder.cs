namespace Mimir.Decode.Graphs;

/// <summary>Builds an <see cref="Fst"/>.</summary>
public sealed class FstBuilder
{
    private readonly List<float> _final = [];
    private readonly List<(int From, FstArc Arc)> _arcs = [];

    /// <summary>Gets or sets the start state; by default the first that is added.</summary>
    public int Start { get; set; }

    /// <summary>Gets the number of states added so far.</summary>
    public int StateCount => _final.Count;

    /// <summary>Adds a state that is not final and returns its number: 0, 1, 2, …</summary>
    public int AddState()
    {
        _final.Add(float.PositiveInfinity);
        return _final.Count - 1;
    }

    /// <summary>Makes a state final.</summary>
    /// <param name="state">A state that was added.</param>
    /// <param name="cost">The cost of ending there, a negative log-probability.</param>
    public void SetFinal(int state, float cost = 0) => _final[state] = cost;

    /// <summary>Adds an arc from a state that was added; its target may be added later.</summary>
    /// <exception cref="ArgumentException">The state does not exist, a label is negative or the weight is not
    /// finite.</exception>
    public void AddArc(int from, FstArc arc)
    {
        if ((uint)from >= (uint)_final.Count)
            throw new ArgumentException($"state {from} is not one of the {_final.Count} states", nameof(from));

        if (arc.Input < 0 || arc.Output < 0 || !float.IsFinite(arc.Weight))
            throw new ArgumentException($"{arc} has a negative label or a weight that is not finite", nameof(arc));

        _arcs.Add((from, arc));
    }

    /// <summary>Builds the result.</summary>
    /// <exception cref="Mimir.Base.InputException">Arcs without input form a loop with a negative sum.</exception>
    /// <exception cref="ArgumentException">An arc or the start leads to a state that was never added.</exception>
    public Fst Build(SymbolTable? inputSymbols = null, SymbolTable? outputSymbols = null)
    {
        var offsets = new int[_final.Count + 1];
        foreach (var (from, arc) in _arcs)
        {
            if ((uint)arc.Next >= (uint)_final.Count)
                throw new ArgumentException($"an arc of state {from} leads to state {arc.Next}, which was not added");

            offsets[from + 1]++;
        }

        for (var state = 0; state < _final.Count; state++)
            offsets[state + 1] += offsets[state];

        if (_final.Count > 0 && (uint)Start >= (uint)_final.Count)
            throw new ArgumentException($"the start state {Start} was not added");

        var arcs = new FstArc[_arcs.Count];
        var next = offsets.ToArray();
        foreach (var (from, arc) in _arcs)
            arcs[next[from]++] = arc;

        return new Fst(_final.Count == 0 ? -1 : Start, offsets, arcs, [.. _final])
        {
            InputSymbols = inputSymbols,
            OutputSymbols = outputSymbols,
        };
    }
}
