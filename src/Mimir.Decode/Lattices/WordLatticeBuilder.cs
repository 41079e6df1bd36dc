namespace Mimir.Decode.Lattices;

/// <summary>
/// Collects a word lattice in any order; keeps what is on a path from start to end, in topological order.
/// </summary>
public sealed class WordLatticeBuilder
{
    private readonly List<List<WordArc>> _arcs = [];
    private readonly List<(LatticeWeight Weight, int[] Alignment)> _final = [];

    /// <summary>Gets or sets whether the lattice lacks paths to final states of the graph.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Gets the number of states added so far.</summary>
    public int StateCount => _final.Count;

    /// <summary>Adds a state that is no end and returns its number; state 0 is the start.</summary>
    public int AddState()
    {
        _arcs.Add([]);
        _final.Add((LatticeWeight.Zero, []));
        return _final.Count - 1;
    }

    /// <summary>Adds an arc; both states must have been added before <see cref="Build"/>.</summary>
    public void AddArc(int from, WordArc arc) => _arcs[from].Add(arc);

    /// <summary>Makes a state an end.</summary>
    public void SetFinal(int state, LatticeWeight weight, int[] alignment) => _final[state] = (weight, alignment);

    /// <summary>Packs what was added.</summary>
    /// <exception cref="ArgumentException">The arcs form a cycle.</exception>
    public WordLattice Build()
    {
        var order = LatticeOrder.Sort(
            _final.Count, 0, s => _arcs[s].ConvertAll(arc => arc.Next), s => !_final[s].Weight.IsZero);
        var number = new int[_final.Count];
        Array.Fill(number, -1);
        for (var i = 0; i < order.Count; i++)
            number[order[i]] = i;

        var arcs = order.ConvertAll(state => _arcs[state]
            .Where(arc => number[arc.Next] >= 0)
            .Select(arc => arc with { Next = number[arc.Next] })
            .ToArray());
        return new WordLattice([.. arcs], [.. order.Select(state => _final[state])], IsPartial);
    }
}
