namespace Mimir.Decode.Search;

/// <summary>
/// A hash table from graph states to the tokens of a frame, which are numbered as they come. The order in which it lists them decides
/// which of two nearly equal paths is pruned first, so it is that of Kaldi's HashList: the buckets in the order of their first use, and
/// in each bucket the oldest token first.
/// </summary>
internal sealed class StateTable
{
    private Node[] _nodes = new Node[1024];
    private Bucket[] _buckets = [];
    private int[] _used = new int[1024];
    private int _usedCount;

    /// <summary>Gets the number of buckets.</summary>
    public int Size { get; private set; }

    /// <summary>Gets the number of tokens.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the number of buckets of an empty table.</summary>
    public void Resize(int size)
    {
        if (size > _buckets.Length)
        {
            var old = _buckets.Length;
            Array.Resize(ref _buckets, size);
            _buckets.AsSpan(old).Fill(new Bucket { First = -1 });
        }

        Size = size;
    }

    /// <summary>Empties the table.</summary>
    public void Clear()
    {
        foreach (var bucket in _used.AsSpan(0, _usedCount))
            _buckets[bucket].First = -1;

        (Count, _usedCount) = (0, 0);
    }

    /// <summary>The token of a state; a new one has the number that <see cref="Count"/> was.</summary>
    public int FindOrInsert(int state)
    {
        var nodes = _nodes;
        var index = (int)((uint)state % (uint)Size);
        ref var bucket = ref _buckets[index];
        for (var node = bucket.First; node >= 0; node = nodes[node].Next)
        {
            if (nodes[node].State == state)
                return node;
        }

        if (Count == nodes.Length)
            Array.Resize(ref _nodes, 2 * Count);

        _nodes[Count] = new Node { State = state, Next = -1 };
        if (bucket.First >= 0)
            _nodes[bucket.Last].Next = Count;
        else
            Use(ref bucket, index);

        bucket.Last = Count;
        return Count++;
    }

    /// <summary>Lists all tokens in the order of the table.</summary>
    /// <param name="order">Takes the tokens; made longer where it is too short.</param>
    public void List(ref int[] order)
    {
        if (order.Length < Count)
            order = new int[_nodes.Length];

        var (list, nodes, count) = (order, _nodes, 0);
        foreach (var bucket in _used.AsSpan(0, _usedCount))
        {
            for (var node = _buckets[bucket].First; node >= 0; node = nodes[node].Next)
                list[count++] = node;
        }
    }

    private void Use(ref Bucket bucket, int index)
    {
        if (_usedCount == _used.Length)
            Array.Resize(ref _used, 2 * _usedCount);

        bucket.First = Count;
        _used[_usedCount++] = index;
    }

    private struct Node
    {
        public int State;

        /// <summary>The next token of the same bucket, -1 at its end.</summary>
        public int Next;
    }

    private struct Bucket
    {
        public int First;
        public int Last;
    }
}
