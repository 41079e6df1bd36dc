namespace Mimir.Decode.Lattices;

/// <summary>Sequences of labels as nodes of one trie: equal sequences have equal ids, and 0 is the empty one.</summary>
internal sealed class LabelStrings
{
    private Node[] _nodes = new Node[1024];
    private int _count = 1;

    // Open addressing: the node of a parent and a label, 0 for a free place.
    private int[] _places = new int[4096];
    private int[] _labels = new int[64];

    /// <summary>Gets the number of labels in a sequence.</summary>
    public int Length(int id) => _nodes[id].Length;

    /// <summary>The sequence with one more label.</summary>
    public int Append(int id, int label)
    {
        var places = _places;
        var nodes = _nodes;
        var mask = places.Length - 1;
        var place = HashOf(id, label) & mask;
        for (int node; (node = places[place]) != 0; place = (place + 1) & mask)
        {
            if (nodes[node].Parent == id && nodes[node].Label == label)
                return node;
        }

        return Add(id, label, place);
    }

    /// <summary>The longest sequence that both begin with.</summary>
    public int CommonPrefix(int a, int b)
    {
        var nodes = _nodes;
        while (a != b)
        {
            if (nodes[a].Length >= nodes[b].Length)
                a = nodes[a].Parent;
            else
                b = nodes[b].Parent;
        }

        return a;
    }

    /// <summary>The sequence without its first <paramref name="count"/> labels.</summary>
    public int RemovePrefix(int id, int count) =>
        count == 0 ? id : count == Length(id) ? 0 : Rebuild(0, Take(id, Length(id) - count));

    /// <summary>The sequence <paramref name="a"/> followed by <paramref name="b"/>.</summary>
    public int Concatenate(int a, int b) => a == 0 ? b : b == 0 ? a : Rebuild(a, Take(b, Length(b)));

    /// <summary>The labels of a sequence.</summary>
    public int[] Labels(int id) => Take(id, Length(id)).ToArray();

    /// <summary>
    /// 1 when <paramref name="a"/> comes before <paramref name="b"/> in Kaldi's order: shorter, then larger
    /// labels.
    /// </summary>
    public int Compare(int a, int b)
    {
        if (a == b)
            return 0;

        var byLength = Length(b).CompareTo(Length(a));
        return byLength != 0 ? byLength : Labels(a).AsSpan().SequenceCompareTo(Labels(b)) > 0 ? 1 : -1;
    }

    private static int HashOf(int parent, int label)
    {
        var mixed = (((ulong)(uint)parent << 32) | (uint)label) * 0x9E3779B97F4A7C15;
        return (int)(mixed >> 33);
    }

    private int Add(int id, int label, int place)
    {
        if (_count == _nodes.Length)
            Array.Resize(ref _nodes, 2 * _count);

        _nodes[_count] = new Node { Parent = id, Label = label, Length = _nodes[id].Length + 1 };
        _places[place] = _count;
        if (2 * _count > _places.Length)
            Grow();

        return _count++;
    }

    private void Grow()
    {
        var mask = (2 * _places.Length) - 1;
        _places = new int[mask + 1];
        for (var node = 1; node <= _count; node++)
        {
            var place = HashOf(_nodes[node].Parent, _nodes[node].Label) & mask;
            while (_places[place] != 0)
                place = (place + 1) & mask;

            _places[place] = node;
        }
    }

    // The last labels of a sequence, in a buffer that holds until the next call.
    private ReadOnlySpan<int> Take(int id, int count)
    {
        if (count > _labels.Length)
            _labels = new int[2 * count];

        for (var i = count - 1; i >= 0; i--)
            (_labels[i], id) = (_nodes[id].Label, _nodes[id].Parent);

        return _labels.AsSpan(0, count);
    }

    private int Rebuild(int id, ReadOnlySpan<int> labels)
    {
        foreach (var label in labels)
            id = Append(id, label);

        return id;
    }

    private struct Node
    {
        public int Parent;
        public int Label;
        public int Length;
    }
}
