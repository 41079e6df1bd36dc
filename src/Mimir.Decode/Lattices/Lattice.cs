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
    private readonly List<List<LatticeArc>> _arcs = [];
    private readonly List<LatticeWeight> _final = [];

    /// <summary>Gets or sets the start state; by default the first.</summary>
    public int Start { get; set; }

    /// <summary>True when the lattice has no path to a final state of the graph.</summary>
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

    /// <summary>Builds the result.</summary>
    /// <param name="keepOrder">Number the states in the order they were added, where that is topological.</param>
    /// <exception cref="InputException">The arcs form a cycle: the graph has a cycle without frames.</exception>
    public Lattice Build(bool keepOrder = false)
    {
        var order = LatticeOrder.Sort(
            _final.Count, Start, s => _arcs[s].ConvertAll(a => a.Next), s => !_final[s].IsZero, keepOrder);
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
