using Mimir.Base;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Numbers keys in the order they come, from 0. A table with open addressing, which takes 8 bytes for a key and 8 to 16 for its
/// place.
/// </summary>
internal sealed class PairNumbers
{
    private long[] _keys = new long[16];
    private int[] _slots = new int[32];

    /// <summary>Gets the number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>The key of a number.</summary>
    public long this[int number] => _keys[number];

    /// <summary>Finds the number of a key, or gives it the next.</summary>
    /// <param name="key">The key.</param>
    /// <param name="added">True when the key is new.</param>
    public int Number(long key, out bool added)
    {
        var mask = _slots.Length - 1;
        var slot = Mix(key) & mask;
        for (int found; (found = _slots[slot]) != 0; slot = (slot + 1) & mask)
        {
            if (_keys[found - 1] != key)
                continue;

            added = false;
            return found - 1;
        }

        added = true;
        if (Count == _keys.Length)
        {
            LargeObjects.Expect(2L * Count * sizeof(long));
            Array.Resize(ref _keys, 2 * Count);
        }

        _keys[Count] = key;
        _slots[slot] = ++Count;
        if (Count > _slots.Length / 2)
            Rehash();

        return Count - 1;
    }

    private static int Mix(long key)
    {
        var mixed = (ulong)key * 0x9E3779B97F4A7C15UL;
        return (int)((mixed ^ (mixed >> 29)) >> 16) & int.MaxValue;
    }

    private void Rehash()
    {
        LargeObjects.Expect(2L * _slots.Length * sizeof(int));
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var number = 0; number < Count; number++)
        {
            var slot = Mix(_keys[number]) & mask;
            while (_slots[slot] != 0)
                slot = (slot + 1) & mask;

            _slots[slot] = number + 1;
        }
    }
}
