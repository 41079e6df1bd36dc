using System.Numerics;

namespace Mimir.Decode.Language;

/// <summary>
/// Numbers distinct pairs of integers from 0 in the order they are added: the nodes of a trie, by parent and symbol. A hash table
/// with open addressing; 20 to 28 bytes a pair.
/// </summary>
internal sealed class PairIndex
{
    private const int Free = -1;

    private long[] _keys = new long[16];
    private int[] _table = NewTable(32);

    /// <summary>Gets the number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>The first half of a pair.</summary>
    public int First(int id) => (int)(_keys[id] >> 32);

    /// <summary>The second half of a pair.</summary>
    public int Second(int id) => (int)_keys[id];

    /// <summary>The number of a pair; -1 where it was not added.</summary>
    public int Find(int first, int second)
    {
        var key = Key(first, second);
        return _table[Slot(key)];
    }

    /// <summary>The number of a pair, which is added where it is new.</summary>
    /// <param name="first">The first half.</param>
    /// <param name="second">The second half.</param>
    /// <param name="isNew">True when it was added.</param>
    public int Add(int first, int second, out bool isNew)
    {
        var key = Key(first, second);
        var slot = Slot(key);
        isNew = _table[slot] == Free;
        if (!isNew)
            return _table[slot];

        if (Count == _keys.Length)
        {
            Grow();
            slot = Slot(key);
        }

        _keys[Count] = key;
        _table[slot] = Count;
        return Count++;
    }

    private static long Key(int first, int second) => ((long)first << 32) | (uint)second;

    private static int[] NewTable(int length)
    {
        var table = new int[length];
        Array.Fill(table, Free);
        return table;
    }

    private int Slot(long key)
    {
        // Fibonacci hashing: the upper bits of the product depend on all bits of the key.
        var shift = 64 - BitOperations.Log2((uint)_table.Length);
        var mask = _table.Length - 1;
        var slot = (int)(((ulong)(key ^ (key >> 29)) * 0x9E3779B97F4A7C15) >> shift);
        while (_table[slot] != Free && _keys[_table[slot]] != key)
            slot = (slot + 1) & mask;

        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _keys, 2 * _keys.Length);
        _table = NewTable(2 * _keys.Length);
        for (var id = 0; id < Count; id++)
            _table[Slot(_keys[id])] = id;
    }
}
