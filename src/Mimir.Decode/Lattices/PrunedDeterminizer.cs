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
        var reached = new List<(int Label, SubsetElement Element)>();
        foreach (var element in _states[state].Subset)
        {
            foreach (ref readonly var arc in _lattice.Arcs(element.State))
            {
                if (arc.Word == 0 || arc.Weight.IsZero)
                    continue;

                var text = arc.Input == 0 ? element.String : _strings.Append(element.String, arc.Input);
                reached.Add((arc.Word, new SubsetElement(arc.Next, text, element.Weight.Times(arc.Weight))));
            }
        }

        reached.Sort((a, b) => (a.Label, a.Element.State).CompareTo((b.Label, b.Element.State)));
        for (int from = 0, to; from < reached.Count; from = to)
        {
            var (label, cost) = (reached[from].Label, double.PositiveInfinity);
            for (to = from; to < reached.Count && reached[to].Label == label; to++)
                cost = Math.Min(cost, reached[to].Element.Weight.Cost + _backward[reached[to].Element.State]);

            cost += _states[state].ForwardCost;
            if (cost <= _cutoff)
                _queue.Enqueue(new Expansion(state, label, Unique(reached, from, to)), cost);
        }
    }

    private SubsetElement[] Unique(List<(int Label, SubsetElement Element)> sorted, int from, int to)
    {
        var subset = new List<SubsetElement>();
        for (var i = from; i < to; i++)
        {
            var element = sorted[i].Element;
            if (subset.Count == 0 || subset[^1].State != element.State)
                subset.Add(element);
            else if (IsBetter(element, subset[^1]))
                subset[^1] = element;
        }

        return [.. subset];
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
        for (var i = 0; i < subset.Length; i++)
        {
            var rest = _strings.RemovePrefix(subset[i].String, length);
            subset[i] = subset[i] with { String = rest, Weight = subset[i].Weight.Without(weight) };
        }

        return (weight, prefix);
    }

    private bool IsBetter(SubsetElement a, SubsetElement b)
    {
        var byWeight = a.Weight.Compare(b.Weight);
        return byWeight > 0 || (byWeight == 0 && _strings.Compare(a.String, b.String) > 0);
    }

    private readonly record struct Expansion(int State, int Label, SubsetElement[] Subset);
}
