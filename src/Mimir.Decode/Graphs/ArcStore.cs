using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Decode.Graphs;

/// <summary>
/// The arcs of many states in few large arrays, so that a graph of millions of states is no work for the garbage collector. The
/// arcs of a state are contiguous; a state whose place is full moves to one of twice the size, or grows where it is when nothing
/// follows.
/// </summary>
internal sealed class ArcStore
{
    private const int FirstPage = 32;
    private const int LargestPage = 1 << 20;

    private readonly List<FstArc[]> _pages = [];
    private readonly List<Place> _places = [];

    // By the logarithm of their size, the places that states have left.
    private readonly Stack<(int Page, int Offset)>?[] _free = new Stack<(int, int)>?[31];
    private int _used;

    /// <summary>Gets the number of arcs of all states.</summary>
    public long ArcCount { get; private set; }

    public void AddState() => _places.Add(default);

    public Span<FstArc> Of(int state)
    {
        ref readonly var place = ref CollectionsMarshal.AsSpan(_places)[state];
        return place.Count == 0 ? [] : _pages[place.Page].AsSpan(place.Offset, place.Count);
    }

    public void Add(int state, FstArc arc)
    {
        ref var place = ref CollectionsMarshal.AsSpan(_places)[state];
        if (place.Count == place.Capacity)
            Grow(ref place, place.Count + 1, exact: false);

        _pages[place.Page][place.Offset + place.Count++] = arc;
        ArcCount++;
    }

    public void Set(int state, ReadOnlySpan<FstArc> arcs)
    {
        ref var place = ref CollectionsMarshal.AsSpan(_places)[state];
        if (arcs.Length > place.Capacity)
            Grow(ref place, arcs.Length, exact: true);

        if (arcs.Length > 0)
            arcs.CopyTo(_pages[place.Page].AsSpan(place.Offset));

        ArcCount += arcs.Length - place.Count;
        place.Count = arcs.Length;
    }

    /// <summary>Removes states, and the arcs that lead to them.</summary>
    /// <param name="numbers">By old number the new one, rising; -1 for states to remove.</param>
    public void Renumber(ReadOnlySpan<int> numbers)
    {
        var places = CollectionsMarshal.AsSpan(_places);
        var states = 0;
        ArcCount = 0;
        for (var state = 0; state < numbers.Length; state++)
        {
            if (numbers[state] < 0)
                continue;

            var arcs = Of(state);
            var kept = 0;
            foreach (var arc in arcs)
            {
                if (numbers[arc.Next] >= 0)
                    arcs[kept++] = arc with { Next = numbers[arc.Next] };
            }

            places[states++] = places[state] with { Count = kept };
            ArcCount += kept;
        }

        CollectionsMarshal.SetCount(_places, states);
    }

    private void Grow(ref Place place, int needed, bool exact)
    {
        var last = place.Capacity > 0 && place.Page == _pages.Count - 1 && place.Offset + place.Capacity == _used;
        if (last && place.Offset + needed <= _pages[^1].Length)
        {
            place.Capacity = needed;
            _used = place.Offset + needed;
            return;
        }

        var capacity = exact || place.Capacity == 0 ? needed : Math.Max(needed, 2 * place.Capacity);
        var (page, offset, size) = Reserve(capacity);
        if (place.Count > 0)
            _pages[place.Page].AsSpan(place.Offset, place.Count).CopyTo(_pages[page].AsSpan(offset));

        if (place.Capacity > 0)
            (_free[int.Log2(place.Capacity)] ??= []).Push((place.Page, place.Offset));

        place = place with { Page = page, Offset = offset, Capacity = size };
    }

    private (int Page, int Offset, int Size) Reserve(int capacity)
    {
        // A free place of class c holds at least 2^c arcs.
        var needed = capacity == 1 ? 0 : int.Log2(capacity - 1) + 1;
        if (needed < _free.Length && _free[needed] is { } free && free.TryPop(out var place))
            return (place.Page, place.Offset, 1 << needed);

        if (_pages.Count == 0 || _used + capacity > _pages[^1].Length)
        {
            var next = _pages.Count == 0 ? FirstPage : (int)Math.Min(LargestPage, 2L * _pages[^1].Length);
            LargeObjects.Expect(Math.Max(next, capacity) * (long)Marshal.SizeOf<FstArc>());
            _pages.Add(new FstArc[Math.Max(next, capacity)]);
            _used = 0;
        }

        var offset = _used;
        _used += capacity;
        return (_pages.Count - 1, offset, capacity);
    }

    private record struct Place(int Page, int Offset, int Count, int Capacity);
}
