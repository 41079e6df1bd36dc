namespace Mimir.Decode.Search;

/// <summary>One entry of a <see cref="TokenTable"/>.</summary>
internal struct TokenEntry
{
    public int State;
    public int Token;

    /// <summary>The next entry in the order of the table, -1 at its end.</summary>
    public int Next;
}

/// <summary>
/// A hash table from graph states to tokens. The order of its entries decides which of two nearly equal paths is pruned first,
/// so it is that of Kaldi's HashList: one chain over all buckets in the order of their first use, a new entry at the end of its
/// bucket.
/// </summary>
internal sealed class TokenTable
{
    private TokenEntry[] _entries = new TokenEntry[1024];
    private TokenEntry[] _detached = new TokenEntry[1024];
    private Bucket[] _buckets = [];
    private int _size;
    private int _count;
    private int _lastBucket = -1;

    /// <summary>Gets the first entry in order, -1 when the table is empty.</summary>
    public int Head { get; private set; } = -1;

    /// <summary>Gets the number of buckets.</summary>
    public int Size => _size;

    /// <summary>Gets an entry by its index.</summary>
    public ref TokenEntry this[int entry] => ref _entries[entry];

    /// <summary>Sets the number of buckets of an empty table.</summary>
    public void Resize(int size)
    {
        if (size > _buckets.Length)
        {
            var old = _buckets.Length;
            Array.Resize(ref _buckets, size);
            _buckets.AsSpan(old).Fill(new Bucket { Last = -1 });
        }

        _size = size;
    }

    /// <summary>Empties the table and returns its entries, which are valid until the next call.</summary>
    public TokenEntry[] Detach(out int head)
    {
        for (var bucket = _lastBucket; bucket >= 0; bucket = _buckets[bucket].Previous)
            _buckets[bucket].Last = -1;

        (_entries, _detached) = (_detached, _entries);
        head = Head;
        (Head, _count, _lastBucket) = (-1, 0, -1);
        return _detached;
    }

    /// <summary>The entry of a state; a new one has token -1.</summary>
    public int FindOrInsert(int state)
    {
        var index = (int)((uint)state % (uint)_size);
        ref var bucket = ref _buckets[index];
        if (bucket.Last < 0)
            return InsertFirst(index, state);

        var end = _entries[bucket.Last].Next;
        var entry = bucket.Previous < 0 ? Head : _entries[_buckets[bucket.Previous].Last].Next;
        for (; entry != end; entry = _entries[entry].Next)
        {
            if (_entries[entry].State == state)
                return entry;
        }

        var added = New(state, end);
        _entries[bucket.Last].Next = added;
        bucket.Last = added;
        return added;
    }

    private int InsertFirst(int index, int state)
    {
        var added = New(state, -1);
        if (_lastBucket < 0)
            Head = added;
        else
            _entries[_buckets[_lastBucket].Last].Next = added;

        _buckets[index] = new Bucket { Last = added, Previous = _lastBucket };
        _lastBucket = index;
        return added;
    }

    private int New(int state, int next)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, 2 * _count);

        _entries[_count] = new TokenEntry { State = state, Token = -1, Next = next };
        return _count++;
    }

    private struct Bucket
    {
        public int Last;
        public int Previous;
    }
}
