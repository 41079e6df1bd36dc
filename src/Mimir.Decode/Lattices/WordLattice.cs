using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>An arc of a <see cref="WordLattice"/>.</summary>
/// <param name="Word">The word; 0 only where the lattice could not be made free of epsilons.</param>
/// <param name="Weight">The costs of the best path of the words.</param>
/// <param name="Alignment">The transition-ids of that path, one a frame.</param>
/// <param name="Next">The state that the arc leads to.</param>
public sealed record WordArc(int Word, LatticeWeight Weight, int[] Alignment, int Next);

/// <summary>
/// The word sequences of a search, each once, with the costs and alignment of its best path (Kaldi's compact lattice). States
/// are in topological order from the start, state 0.
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

    /// <summary>Gets tables of word lattices in Kaldi's files; lattices of transition-ids are read too.</summary>
    public static Table<WordLattice> Table { get; } = new(new WordLatticeHolder());

    /// <summary>Gets the number of states; 0 when nothing survived the search.</summary>
    public int StateCount => _final.Length;

    /// <summary>True when no path reached a final state of the graph.</summary>
    public bool IsPartial { get; }

    /// <summary>The arcs of a state.</summary>
    public ReadOnlySpan<WordArc> Arcs(int state) => _arcs[state];

    /// <summary>The weight of ending in a state; <see cref="LatticeWeight.Zero"/> when it is no end.</summary>
    public LatticeWeight Final(int state) => _final[state].Weight;

    /// <summary>The transition-ids that belong to ending in a state.</summary>
    public ReadOnlySpan<int> FinalAlignment(int state) => _final[state].Alignment;

    /// <summary>The same lattice with every acoustic cost multiplied, usually by 1 / acoustic scale.</summary>
    public WordLattice ScaleAcoustic(float factor) => this.Scale(new LatticeScale(1, factor));

    /// <summary>A builder that has the states and arcs of this lattice.</summary>
    public WordLatticeBuilder ToBuilder()
    {
        var builder = new WordLatticeBuilder { IsPartial = IsPartial };
        for (var state = 0; state < StateCount; state++)
            builder.SetFinal(builder.AddState(), _final[state].Weight, _final[state].Alignment);

        for (var state = 0; state < StateCount; state++)
        {
            foreach (var arc in _arcs[state])
                builder.AddArc(state, arc);
        }

        return builder;
    }

    /// <summary>The same states and words with changed alignments, such as phones in place of transition-ids.</summary>
    /// <param name="map">Changes an alignment.</param>
    public WordLattice MapAlignments(Func<int[], int[]> map) => new(
        Array.ConvertAll(_arcs, arcs => Array.ConvertAll(arcs, arc => arc with { Alignment = map(arc.Alignment) })),
        Array.ConvertAll(_final, end => (end.Weight, map(end.Alignment))),
        IsPartial);

    /// <summary>The same states with changed arcs and ends.</summary>
    /// <param name="arc">Changes an arc of a state, but not where it leads.</param>
    /// <param name="final">Changes the weight of an end; it stays an end.</param>
    internal WordLattice Map(Func<int, WordArc, WordArc> arc, Func<int, LatticeWeight, LatticeWeight> final) => new(
        [.. _arcs.Select((arcs, state) => Array.ConvertAll(arcs, old => arc(state, old)))],
        [.. _final.Select((end, state) => end.Weight.IsZero ? end : (final(state, end.Weight), end.Alignment))],
        IsPartial);
}

/// <summary>
/// Builds a word lattice from states and arcs in any order; keeps those on a path from start to end, in topological order.
/// </summary>
public sealed class WordLatticeBuilder
{
    private readonly List<List<WordArc>> _arcs = [];
    private readonly List<(LatticeWeight Weight, int[] Alignment)> _final = [];

    /// <summary>Gets or sets the start state; by default the first.</summary>
    public int Start { get; set; }

    /// <summary>True when the lattice has no path to a final state of the graph.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Adds a state that is no end and returns its number.</summary>
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

    /// <summary>The arcs of a state so far.</summary>
    internal IReadOnlyList<WordArc> ArcsOf(int state) => _arcs[state];

    /// <summary>Builds the result.</summary>
    /// <param name="keepOrder">Number the states in the order they were added, where that is topological.</param>
    /// <exception cref="InputException">The arcs form a cycle.</exception>
    public WordLattice Build(bool keepOrder = false)
    {
        var begin = new int[_arcs.Count + 1];
        for (var state = 0; state < _arcs.Count; state++)
            begin[state + 1] = begin[state] + _arcs[state].Count;

        int[] next = [.. _arcs.SelectMany(arcs => arcs).Select(arc => arc.Next)];
        var order = LatticeOrder.Sort(Start, begin, next, state => !_final[state].Weight.IsZero, keepOrder);
        var number = LatticeOrder.NumbersOf(_final.Count, order);
        var arcs = order.ConvertAll(state => _arcs[state]
            .Where(arc => number[arc.Next] >= 0)
            .Select(arc => arc with { Next = number[arc.Next] })
            .ToArray());
        return new WordLattice([.. arcs], [.. order.Select(state => _final[state])], IsPartial);
    }
}
