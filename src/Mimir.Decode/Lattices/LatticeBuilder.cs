namespace Mimir.Decode.Lattices;

/// <summary>
/// Collects states and arcs in any order; keeps those on a path from start to end, in topological order.
/// </summary>
public sealed class LatticeBuilder
{
    private readonly List<List<LatticeArc>> _arcs = [];
    private readonly List<LatticeWeight> _final = [];

    /// <summary>Gets or sets the start state; the first state unless set.</summary>
    public int Start { get; set; }

    /// <summary>Gets or sets whether the lattice lacks paths to final states of the graph.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Adds a state that is no end and returns its number.</summary>
    public int AddState()
    {
        _arcs.Add([]);
        _final.Add(LatticeWeight.Zero);
        return _final.Count - 1;
    }

    /// <summary>Adds an arc; both states must have been added before <see cref="Build"/>.</summary>
    public void AddArc(int from, LatticeArc arc) => _arcs[from].Add(arc);

    /// <summary>Makes a state an end.</summary>
    public void SetFinal(int state, LatticeWeight weight) => _final[state] = weight;

    /// <summary>Packs what was added.</summary>
    /// <exception cref="ArgumentException">The arcs form a cycle: the graph has a cycle without frames.</exception>
    public Lattice Build()
    {
        var order = LatticeOrder.Sort(_final.Count, Start, s => _arcs[s].ConvertAll(a => a.Next), s => !_final[s].IsZero);
        var number = new int[_final.Count];
        Array.Fill(number, -1);
        for (var i = 0; i < order.Count; i++)
            number[order[i]] = i;

        var begin = new int[order.Count + 1];
        var arcs = new List<LatticeArc>();
        for (var i = 0; i < order.Count; i++)
        {
            foreach (var arc in _arcs[order[i]])
            {
                if (number[arc.Next] >= 0)
                    arcs.Add(arc with { Next = number[arc.Next] });
            }

            begin[i + 1] = arcs.Count;
        }

        return new Lattice(begin, [.. arcs], [.. order.Select(state => _final[state])], IsPartial);
    }
}
