using System.Numerics;

namespace Mimir.Decode.Lattices;

/// <summary>Follows arcs without a word, keeping the best path to each state.</summary>
internal sealed class EpsilonClosure
{
    private readonly Lattice _lattice;
    private readonly LabelStrings _strings;
    private readonly bool[] _matters;

    // The best element of each state that has been reached, and a bit for each of these that waits.
    private readonly SubsetElement[] _reached;
    private readonly ulong[] _waiting;
    private readonly List<SubsetElement> _minimal = [];

    public EpsilonClosure(Lattice lattice, LabelStrings strings)
    {
        (_lattice, _strings) = (lattice, strings);
        _matters = new bool[lattice.StateCount];
        _reached = new SubsetElement[lattice.StateCount];
        _waiting = new ulong[(lattice.StateCount / 64) + 1];
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
        var (first, last) = (int.MaxValue, -1);
        foreach (ref readonly var element in subset)
        {
            Wait(element);
            (first, last) = (Math.Min(first, element.State), Math.Max(last, element.State));
        }

        // States are numbered in topological order, so the best element of a state is known when it is visited: bit by bit.
        _minimal.Clear();
        for (var word = first >> 6; word <= last >> 6; word++)
        {
            while (_waiting[word] != 0)
            {
                var state = (word << 6) + BitOperations.TrailingZeroCount(_waiting[word]);
                _waiting[word] &= _waiting[word] - 1;
                if (_matters[state])
                    _minimal.Add(_reached[state]);

                foreach (ref readonly var arc in _lattice.Arcs(state))
                {
                    if (arc.Word != 0 || arc.Weight.IsZero)
                        continue;

                    Reach(_reached[state], arc);
                    last = Math.Max(last, arc.Next);
                }
            }
        }

        return [.. _minimal];
    }

    private bool Waits(int state) => (_waiting[state >> 6] & (1UL << (state & 63))) != 0;

    private void Wait(in SubsetElement element)
    {
        _waiting[element.State >> 6] |= 1UL << (element.State & 63);
        _reached[element.State] = element;
    }

    private void Reach(in SubsetElement from, in LatticeArc arc)
    {
        var weight = from.Weight.Times(arc.Weight);
        if (Waits(arc.Next))
        {
            ref readonly var old = ref _reached[arc.Next];
            var comparison = weight.Compare(old.Weight);
            if (comparison < 0 || (comparison == 0 && _strings.Compare(Extend(from, arc), old.String) <= 0))
                return;
        }

        Wait(new SubsetElement(arc.Next, Extend(from, arc), weight));
    }

    private int Extend(in SubsetElement from, in LatticeArc arc) =>
        arc.Input == 0 ? from.String : _strings.Append(from.String, arc.Input);
}
