namespace Mimir.Decode.Lattices;

/// <summary>Follows arcs without a word, keeping the best path to each state.</summary>
internal sealed class EpsilonClosure
{
    private readonly Lattice _lattice;
    private readonly LabelStrings _strings;
    private readonly bool[] _matters;
    private readonly Dictionary<int, SubsetElement> _reached = [];
    private readonly PriorityQueue<int, int> _queue = new();

    public EpsilonClosure(Lattice lattice, LabelStrings strings)
    {
        (_lattice, _strings) = (lattice, strings);
        _matters = new bool[lattice.StateCount];
        for (var state = 0; state < _matters.Length; state++)
        {
            _matters[state] = !lattice.Final(state).IsZero;
            foreach (ref readonly var arc in lattice.Arcs(state))
                _matters[state] |= arc.Word != 0;
        }
    }

    /// <summary>
    /// All states reached from a subset without a word, in order; only states with a word arc or an end are kept.
    /// </summary>
    public SubsetElement[] Follow(ReadOnlySpan<SubsetElement> subset)
    {
        _reached.Clear();
        foreach (var element in subset)
        {
            _reached.Add(element.State, element);
            _queue.Enqueue(element.State, element.State);
        }

        // States are numbered in topological order, so the best element of a state is known when it is visited.
        var minimal = new List<SubsetElement>();
        while (_queue.TryDequeue(out var state, out _))
        {
            var element = _reached[state];
            if (_matters[state])
                minimal.Add(element);

            foreach (ref readonly var arc in _lattice.Arcs(state))
            {
                if (arc.Word == 0 && !arc.Weight.IsZero)
                    Reach(element, arc);
            }
        }

        return [.. minimal];
    }

    private void Reach(SubsetElement from, LatticeArc arc)
    {
        var weight = from.Weight.Times(arc.Weight);
        if (_reached.TryGetValue(arc.Next, out var old))
        {
            var comparison = weight.Compare(old.Weight);
            if (comparison < 0 || (comparison == 0 && _strings.Compare(Extend(from, arc), old.String) <= 0))
                return;
        }
        else
        {
            _queue.Enqueue(arc.Next, arc.Next);
        }

        _reached[arc.Next] = new SubsetElement(arc.Next, Extend(from, arc), weight);
    }

    private int Extend(SubsetElement from, LatticeArc arc) =>
        arc.Input == 0 ? from.String : _strings.Append(from.String, arc.Input);
}
