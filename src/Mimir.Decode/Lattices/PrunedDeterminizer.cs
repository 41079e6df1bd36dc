namespace Mimir.Decode.Lattices;

/// <summary>
/// Determinization of a lattice over its words, with pruning (Povey et al., "Generating exact lattices in the WFST framework",
/// ICASSP 2012; the pruned form is Kaldi's determinize-lattice-pruned). Each output state stands for a set of (input state,
/// string, weight); sets are expanded in the order of the best path through them, and those beyond the beam are not. Weights
/// are compared as the lattice semiring does, so each word sequence keeps exactly its best path.
/// </summary>
internal sealed class PrunedDeterminizer
{
    private readonly Lattice _lattice;
    private readonly long _maxElements;
    private readonly double[] _backward;
    private readonly double _cutoff;
    private readonly LabelStrings _strings = new();
    private readonly EpsilonClosure _closure;
    private readonly List<OutputState> _states = [];
    private readonly Dictionary<SubsetElement[], int> _minimal = new(new SubsetComparer());
    private readonly Dictionary<SubsetElement[], SubsetElement> _initial = new(new SubsetComparer());
    private readonly ExpansionQueue<Expansion> _queue = new();
    private ulong[] _keys = new ulong[256];
    private SubsetElement[] _reached = new SubsetElement[256];
    private int _reachedCount;
    private long _elements;

    private PrunedDeterminizer(Lattice lattice, double beam, long maxElements)
    {
        _lattice = lattice;
        _maxElements = maxElements;
        _backward = BackwardCosts(lattice);
        _cutoff = _backward[0] + beam;
        _closure = new EpsilonClosure(lattice, _strings);
    }

    /// <summary>Determinizes to a lattice of transition-ids, with strings as chains of arcs.</summary>
    public static Lattice ToLattice(Lattice lattice, double beam, long maxElements)
    {
        var run = new PrunedDeterminizer(lattice, beam, maxElements);
        run.Run();
        return StringExpansion.ToLattice(run._states, run._strings, lattice.IsPartial);
    }

    /// <summary>Determinizes to a word lattice.</summary>
    public static WordLattice ToWords(Lattice lattice, double beam, long maxElements)
    {
        var run = new PrunedDeterminizer(lattice, beam, maxElements);
        run.Run();
        return StringExpansion.ToWords(run._states, run._strings, lattice.IsPartial);
    }

    private static double[] BackwardCosts(Lattice lattice)
    {
        var costs = new double[lattice.StateCount];
        for (var state = costs.Length - 1; state >= 0; state--)
        {
            costs[state] = lattice.Final(state).Cost;
            foreach (ref readonly var arc in lattice.Arcs(state))
                costs[state] = Math.Min(costs[state], arc.Weight.Cost + costs[arc.Next]);
        }

        return costs;
    }

    private void Run()
    {
        AddState(_closure.Follow([new SubsetElement(0, 0, LatticeWeight.One)]), 0);

        // Stopping early equals a narrower beam: expansions come in the order of their cost.
        while (_elements < _maxElements && _queue.TryDequeue(out var expansion))
            Expand(expansion);
    }

    private void AddState(SubsetElement[] subset, double forwardCost)
    {
        var state = _states.Count;
        _states.Add(new OutputState(subset, forwardCost));
        _minimal.Add(subset, state);
        _elements += subset.Length;
        SetFinal(_states[state]);
        Queue(state);
    }

    private void SetFinal(OutputState state)
    {
        var best = new SubsetElement(-1, 0, LatticeWeight.Zero);
        foreach (var element in state.Subset)
        {
            var end = element with { Weight = element.Weight.Times(_lattice.Final(element.State)) };
            if (!end.Weight.IsZero && (best.Weight.IsZero || IsBetter(end, best)))
                best = end;
        }

        if (!best.Weight.IsZero && best.Weight.Cost + state.ForwardCost <= _cutoff)
            state.Arcs.Add(new OutputArc(0, best.String, best.Weight, OutputArc.End));
    }

    private void Queue(int state)
    {
        Gather(_states[state].Subset);
        _keys.AsSpan(0, _reachedCount).Sort(_reached.AsSpan(0, _reachedCount));
        for (int from = 0, to; from < _reachedCount; from = to)
        {
            var (label, cost) = (LabelOf(_keys[from]), double.PositiveInfinity);
            for (to = from; to < _reachedCount && LabelOf(_keys[to]) == label; to++)
                cost = Math.Min(cost, _reached[to].Weight.Cost + _backward[_reached[to].State]);

            cost += _states[state].ForwardCost;
            if (cost <= _cutoff)
                _queue.Enqueue(new Expansion(state, label, Unique(_reached.AsSpan(from, to - from))), cost);
        }

        static int LabelOf(ulong key) => (int)(key >> 32);
    }

    // All elements behind the arcs with a word, by word and state.
    private void Gather(SubsetElement[] subset)
    {
        _reachedCount = 0;
        foreach (var element in subset)
        {
            foreach (ref readonly var arc in _lattice.Arcs(element.State))
            {
                if (arc.Word == 0 || arc.Weight.IsZero)
                    continue;

                if (_reachedCount == _keys.Length)
                {
                    Array.Resize(ref _keys, 2 * _reachedCount);
                    Array.Resize(ref _reached, 2 * _reachedCount);
                }

                var text = arc.Input == 0 ? element.String : _strings.Append(element.String, arc.Input);
                _keys[_reachedCount] = ((ulong)(uint)arc.Word << 32) | (uint)arc.Next;
                _reached[_reachedCount++] = new SubsetElement(arc.Next, text, element.Weight.Times(arc.Weight));
            }
        }
    }

    // The best of each state; in place, then copied.
    private SubsetElement[] Unique(Span<SubsetElement> sorted)
    {
        var count = 0;
        foreach (var element in sorted)
        {
            if (count == 0 || sorted[count - 1].State != element.State)
                sorted[count++] = element;
            else if (IsBetter(element, sorted[count - 1]))
                sorted[count - 1] = element;
        }

        return sorted[..count].ToArray();
    }

    private void Expand(Expansion expansion)
    {
        var (weight, prefix) = Normalize(expansion.Subset);
        var forward = _states[expansion.State].ForwardCost + weight.Cost;
        if (!_initial.TryGetValue(expansion.Subset, out var known))
        {
            var subset = _closure.Follow(expansion.Subset);
            var rest = Normalize(subset);
            if (!_minimal.TryGetValue(subset, out var target))
            {
                target = _states.Count;
                AddState(subset, forward + rest.Weight.Cost);
            }

            known = new SubsetElement(target, rest.Prefix, rest.Weight);
            _initial.Add(expansion.Subset, known);
            _elements += expansion.Subset.Length;
        }

        _states[expansion.State].Arcs.Add(new OutputArc(
            expansion.Label,
            _strings.Concatenate(prefix, known.String),
            weight.Times(known.Weight),
            known.State));
    }

    /// <summary>Removes the common prefix and the best weight from all elements.</summary>
    private (LatticeWeight Weight, int Prefix) Normalize(SubsetElement[] subset)
    {
        var (weight, prefix) = (subset[0].Weight, subset[0].String);
        foreach (var element in subset)
        {
            prefix = _strings.CommonPrefix(prefix, element.String);
            if (element.Weight.IsBetterThan(weight))
                weight = element.Weight;
        }

        var length = _strings.Length(prefix);
        foreach (ref var element in subset.AsSpan())
            element = new(element.State, _strings.RemovePrefix(element.String, length), element.Weight.Without(weight));

        return (weight, prefix);
    }

    private bool IsBetter(SubsetElement a, SubsetElement b)
    {
        var byWeight = a.Weight.Compare(b.Weight);
        return byWeight > 0 || (byWeight == 0 && _strings.Compare(a.String, b.String) > 0);
    }

    private readonly record struct Expansion(int State, int Label, SubsetElement[] Subset);
}
