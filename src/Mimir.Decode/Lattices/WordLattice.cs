namespace Mimir.Decode.Lattices;

/// <summary>An arc of a <see cref="WordLattice"/>.</summary>
/// <param name="Word">The word; 0 only where the lattice could not be made free of epsilons.</param>
/// <param name="Weight">The costs of the best way to say the words.</param>
/// <param name="Alignment">The transition-ids of that way, one a frame.</param>
/// <param name="Next">The state that the arc leads to.</param>
public sealed record WordArc(int Word, LatticeWeight Weight, int[] Alignment, int Next);

/// <summary>
/// The word sequences that a search found, each once, with the costs and alignment of its best path (Kaldi's compact
/// lattice). States are in topological order from the start, state 0.
/// </summary>
public sealed class WordLattice
{
    private readonly WordArc[][] _arcs;
    private readonly (LatticeWeight Weight, int[] Alignment)[] _final;

    internal WordLattice(WordArc[][] arcs, (LatticeWeight Weight, int[] Alignment)[] final, bool isPartial)
    {
        _arcs = arcs;
        _final = final;
        IsPartial = isPartial;
    }

    /// <summary>Gets the number of states; 0 when nothing survived the search.</summary>
    public int StateCount => _final.Length;

    /// <summary>Gets whether no path reached a final state of the graph.</summary>
    public bool IsPartial { get; }

    /// <summary>The arcs of a state.</summary>
    public ReadOnlySpan<WordArc> Arcs(int state) => _arcs[state];

    /// <summary>The weight of ending in a state; <see cref="LatticeWeight.Zero"/> when it is no end.</summary>
    public LatticeWeight Final(int state) => _final[state].Weight;

    /// <summary>The transition-ids that belong to ending in a state.</summary>
    public ReadOnlySpan<int> FinalAlignment(int state) => _final[state].Alignment;

    /// <summary>The same lattice with every acoustic cost multiplied, usually by 1 / acoustic scale.</summary>
    public WordLattice ScaleAcoustic(float factor)
    {
        var arcs = Array.ConvertAll(_arcs, arcs => Array.ConvertAll(arcs, arc => arc with { Weight = Scale(arc.Weight) }));
        return new WordLattice(arcs, Array.ConvertAll(_final, end => (Scale(end.Weight), end.Alignment)), IsPartial);

        LatticeWeight Scale(LatticeWeight weight) =>
            weight.IsZero ? weight : weight with { Acoustic = factor * weight.Acoustic };
    }
}
