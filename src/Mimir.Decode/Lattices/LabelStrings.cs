namespace Mimir.Decode.Lattices;

/// <summary>Sequences of labels as nodes of one trie: equal sequences have equal ids, and 0 is the empty one.</summary>
internal sealed class LabelStrings
{
    private readonly List<(int Parent, int Label, int Length)> _nodes = [(-1, 0, 0)];
    private readonly Dictionary<(int Parent, int Label), int> _children = [];

    /// <summary>Gets the number of labels in a sequence.</summary>
    public int Length(int id) => _nodes[id].Length;

    /// <summary>The sequence with one more label.</summary>
    public int Append(int id, int label)
    {
        if (_children.TryGetValue((id, label), out var child))
            return child;

        child = _nodes.Count;
        _nodes.Add((id, label, _nodes[id].Length + 1));
        _children.Add((id, label), child);
        return child;
    }

    /// <summary>The longest sequence that both begin with.</summary>
    public int CommonPrefix(int a, int b)
    {
        while (a != b)
        {
            if (_nodes[a].Length >= _nodes[b].Length)
                a = _nodes[a].Parent;
            else
                b = _nodes[b].Parent;
        }

        return a;
    }

    /// <summary>The sequence without its first <paramref name="count"/> labels.</summary>
    public int RemovePrefix(int id, int count) => count == 0 ? id : Rebuild(0, Labels(id).AsSpan(count));

    /// <summary>The sequence <paramref name="a"/> followed by <paramref name="b"/>.</summary>
    public int Concatenate(int a, int b) => a == 0 ? b : Rebuild(a, Labels(b));

    /// <summary>The labels of a sequence.</summary>
    public int[] Labels(int id)
    {
        var labels = new int[_nodes[id].Length];
        for (; id != 0; id = _nodes[id].Parent)
            labels[_nodes[id].Length - 1] = _nodes[id].Label;

        return labels;
    }

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

    private int Rebuild(int id, ReadOnlySpan<int> labels)
    {
        foreach (var label in labels)
            id = Append(id, label);

        return id;
    }
}
