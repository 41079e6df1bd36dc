using Mimir.Base;

namespace Mimir.Decode.Algorithms;

/// <summary>A state of the input in a state of the output: with the outputs and the cost that are still owed.</summary>
internal record struct Residual(int State, int Text, float Cost);

/// <summary>
/// Numbers the states of a determinized transducer: subsets that agree in states and sequences exactly, and in costs within a
/// tolerance, are one.
/// </summary>
/// <param name="delta">The tolerance.</param>
internal sealed class SubsetStates(float delta)
{
    private const int PageSize = 1 << 16;

    private readonly List<Residual[]> _pages = [];
    private readonly List<Place> _places = [];
    private int[] _slots = new int[64];
    private int _used;

    /// <summary>Gets the number of states.</summary>
    public int Count => _places.Count;

    /// <summary>The subset of a state.</summary>
    public ReadOnlySpan<Residual> Subset(int state) => Subset(_places[state]);

    /// <summary>Finds the state of a subset, or gives it the next number.</summary>
    /// <param name="subset">In rising order of states, without repetitions.</param>
    /// <param name="added">True when the state is new.</param>
    public int Number(ReadOnlySpan<Residual> subset, out bool added)
    {
        var hash = Hash(subset);
        var mask = _slots.Length - 1;
        var slot = hash & mask;
        for (int found; (found = _slots[slot]) != 0; slot = (slot + 1) & mask)
        {
            var place = _places[found - 1];
            if (place.Hash != hash || place.Count != subset.Length || !AreEqual(Subset(place), subset))
                continue;

            added = false;
            return found - 1;
        }

        added = true;
        _places.Add(Store(subset, hash));
        _slots[slot] = Count;
        if (Count > _slots.Length / 2)
            Rehash();

        return Count - 1;
    }

    private static int Hash(ReadOnlySpan<Residual> subset)
    {
        var hash = 17UL;
        foreach (ref readonly var element in subset)
        {
            hash = (hash ^ (uint)element.State) * 0x9E3779B97F4A7C15UL;
            hash = ((hash ^ (hash >> 32)) + (uint)element.Text) * 0xC2B2AE3D27D4EB4FUL;
        }

        return (int)((hash ^ (hash >> 31)) >> 8) & int.MaxValue;
    }

    private ReadOnlySpan<Residual> Subset(Place place) => _pages[place.Page].AsSpan(place.Offset, place.Count);

    private bool AreEqual(ReadOnlySpan<Residual> a, ReadOnlySpan<Residual> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i].State != b[i].State || a[i].Text != b[i].Text || !(Math.Abs(a[i].Cost - b[i].Cost) <= delta))
                return false;
        }

        return true;
    }

    private Place Store(ReadOnlySpan<Residual> subset, int hash)
    {
        if (_pages.Count == 0 || _used + subset.Length > _pages[^1].Length)
        {
            var size = _pages.Count == 0 ? 64 : Math.Min(PageSize, 2 * _pages[^1].Length);
            _pages.Add(new Residual[Math.Max(size, subset.Length)]);
            _used = 0;
        }

        subset.CopyTo(_pages[^1].AsSpan(_used));
        var place = new Place(_pages.Count - 1, _used, subset.Length, hash);
        _used += subset.Length;
        return place;
    }

    private void Rehash()
    {
        LargeObjects.Expect(2L * _slots.Length * sizeof(int));
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var number = 0; number < Count; number++)
        {
            var slot = _places[number].Hash & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;

            _slots[slot] = number + 1;
        }
    }

    private readonly record struct Place(int Page, int Offset, int Count, int Hash);
}
