using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>An arc of a <see cref="Lattice"/>.</summary>
/// <param name="Input">The transition-id, which stands for one frame; 0 is epsilon.</param>
/// <param name="Word">The word that begins here; 0 is none.</param>
/// <param name="Weight">The costs.</param>
/// <param name="Next">The state that the arc leads to.</param>
public readonly record struct LatticeArc(int Input, int Word, LatticeWeight Weight, int Next);

/// <summary>
/// The lattice of transition-ids that a search found for one utterance. States are in topological order, each on a path from
/// the start (state 0) to an end; arcs lead to later states only.
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

    /// <summary>Gets tables of lattices in Kaldi's files; word lattices are read too and become chains of arcs.</summary>
    public static Table<Lattice> Table { get; } = new(new LatticeHolder());

    /// <summary>Gets the number of states; 0 when nothing survived the search.</summary>
    public int StateCount => _final.Length;

    /// <summary>Gets the number of arcs.</summary>
    public int ArcCount => _arcs.Length;

    /// <summary>True when no path reached a final state of the graph; then the ends are the last states of the search.</summary>
    public bool IsPartial { get; }

    /// <summary>The arcs of a state.</summary>
    public ReadOnlySpan<LatticeArc> Arcs(int state) => _arcs.AsSpan(_begin[state].._begin[state + 1]);

    /// <summary>The weight of ending in a state; <see cref="LatticeWeight.Zero"/> when it is no end.</summary>
    public LatticeWeight Final(int state) => _final[state];

    /// <summary>The transition-ids of all arcs, in no order of time.</summary>
    public int[] Transitions() => [.. _arcs.Where(arc => arc.Input != 0).Select(arc => arc.Input)];

    /// <summary>The same states and transition-ids with changed weights and words on arcs.</summary>
    /// <param name="weight">The weight of an arc.</param>
    /// <param name="word">The word of an arc.</param>
    public Lattice Map(Func<LatticeArc, LatticeWeight> weight, Func<LatticeArc, int> word) =>
        Map((_, arc) => arc with { Weight = weight(arc), Word = word(arc) }, (_, final) => final);

    /// <summary>The same states with changed arcs and ends.</summary>
    /// <param name="arc">Changes an arc of a state, but not where it leads.</param>
    /// <param name="final">Changes the weight of an end; it stays an end.</param>
    internal Lattice Map(Func<int, LatticeArc, LatticeArc> arc, Func<int, LatticeWeight, LatticeWeight> final)
    {
        var arcs = _arcs.ToArray();
        for (var state = 0; state < StateCount; state++)
        {
            for (var i = _begin[state]; i < _begin[state + 1]; i++)
                arcs[i] = arc(state, arcs[i]);
        }

        return new Lattice(
            _begin, arcs, [.. _final.Select((weight, state) => weight.IsZero ? weight : final(state, weight))], IsPartial);
    }
}

/// <summary>
/// Builds a lattice from states and arcs in any order; keeps those on a path from start to end, in topological order.
/// </summary>
public sealed class LatticeBuilder
{
    private readonly List<LatticeWeight> _final = [];
    private readonly List<(int From, LatticeArc Arc)> _arcs = [];

    /// <summary>Gets or sets the start state; by default the first.</summary>
    public int Start { get; set; }

    /// <summary>True when the lattice has no path to a final state of the graph.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Adds a state that is no end and returns its number.</summary>
    public int AddState()
    {
        _final.Add(LatticeWeight.Zero);
        return _final.Count - 1;
    }

    /// <summary>Adds an arc; both states must have been added before <see cref="Build"/>.</summary>
    public void AddArc(int from, LatticeArc arc) => _arcs.Add((from, arc));

    /// <summary>Makes a state an end.</summary>
    public void SetFinal(int state, LatticeWeight weight) => _final[state] = weight;

    /// <summary>Builds the result.</summary>
    /// <param name="keepOrder">Number the states in the order they were added, where that is topological.</param>
    /// <exception cref="InputException">The arcs form a cycle: the graph has a cycle without frames.</exception>
    public Lattice Build(bool keepOrder = false)
    {
        var (begin, arcs) = ByState();
        var order = LatticeOrder.Sort(Start, begin, Array.ConvertAll(arcs, arc => arc.Next), state => !_final[state].IsZero, keepOrder);
        var number = LatticeOrder.NumbersOf(_final.Count, order);
        var (kept, count) = (new LatticeArc[arcs.Length], 0);
        var keptBegin = new int[order.Count + 1];
        for (var i = 0; i < order.Count; i++)
        {
            for (var arc = begin[order[i]]; arc < begin[order[i] + 1]; arc++)
            {
                if (number[arcs[arc].Next] >= 0)
                    kept[count++] = arcs[arc] with { Next = number[arcs[arc].Next] };
            }

            keptBegin[i + 1] = count;
        }

        return new Lattice(keptBegin, kept[..count], [.. order.Select(state => _final[state])], IsPartial);
    }

    // The arcs of each state together, in the order in which they were added, and the place of its first.
    private (int[] Begin, LatticeArc[] Arcs) ByState()
    {
        var begin = new int[_final.Count + 1];
        foreach (var (from, _) in _arcs)
            begin[from + 1]++;

        for (var state = 0; state < _final.Count; state++)
            begin[state + 1] += begin[state];

        var arcs = new LatticeArc[_arcs.Count];
        var place = begin[..^1];
        foreach (var (from, arc) in _arcs)
            arcs[place[from]++] = arc;

        return (begin, arcs);
    }
}
