namespace Mimir.Decode.Lattices;

/// <summary>
/// The alternatives that a search found for one utterance, transition-id by transition-id. States are in
/// topological order, each on a path from the start (state 0) to an end; arcs lead to later states only.
/// </summary>
public sealed class Lattice
{
    private readonly int[] _begin;
    private readonly LatticeArc[] _arcs;
    private readonly LatticeWeight[] _final;

    internal Lattice(int[] begin, LatticeArc[] arcs, LatticeWeight[] final, bool isPartial)
    {
        _begin = begin;
        _arcs = arcs;
        _final = final;
        IsPartial = isPartial;
    }

    /// <summary>Gets the number of states; 0 when nothing survived the search.</summary>
    public int StateCount => _final.Length;

    /// <summary>Gets the number of arcs.</summary>
    public int ArcCount => _arcs.Length;

    /// <summary>
    /// Gets whether no path reached a final state of the graph, so that the ends here are where the search was.
    /// </summary>
    public bool IsPartial { get; }

    /// <summary>The arcs of a state.</summary>
    public ReadOnlySpan<LatticeArc> Arcs(int state) => _arcs.AsSpan(_begin[state].._begin[state + 1]);

    /// <summary>The weight of ending in a state; <see cref="LatticeWeight.Zero"/> when it is no end.</summary>
    public LatticeWeight Final(int state) => _final[state];
}
