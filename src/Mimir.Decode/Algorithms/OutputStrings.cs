using Mimir.Base;

namespace Mimir.Decode.Algorithms;

/// <summary>Numbers sequences of labels: each is one label behind a shorter one, in a tree. The empty sequence is 0.</summary>
internal sealed class OutputStrings
{
    // Outputs that wait this long for their input do so for ever: the transducer cannot be made deterministic.
    private const int Longest = 10_000;

    // A node's key has its parent and its last label.
    private readonly PairNumbers _nodes = new();
    private readonly List<int> _lengths = [];

    public OutputStrings() => Node(-1, 0);

    /// <summary>The number of labels.</summary>
    public int Length(int text) => _lengths[text];

    /// <summary>The sequence with a label more at its end.</summary>
    /// <exception cref="InputException">It is so long that it can only get longer.</exception>
    public int Append(int text, int label) => _lengths[text] < Longest
        ? Node(text, label)
        : throw new InputException(
            $"{Longest} output labels wait for the input that decides about them, so that the transducer cannot be made "
            + "deterministic; are the symbols of disambiguation (#1, #2 ...) missing from the lexicon?");

    /// <summary>The labels in order.</summary>
    public int[] Labels(int text)
    {
        var labels = new int[_lengths[text]];
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            labels[i] = LastOf(text);
            text = ParentOf(text);
        }

        return labels;
    }

    /// <summary>The longest sequence that two begin with.</summary>
    public int CommonPrefix(int a, int b)
    {
        while (_lengths[a] > _lengths[b])
            a = ParentOf(a);
        while (_lengths[b] > _lengths[a])
            b = ParentOf(b);
        while (a != b)
            (a, b) = (ParentOf(a), ParentOf(b));

        return a;
    }

    /// <summary>The sequence without some labels at its beginning.</summary>
    public int WithoutPrefix(int text, int length)
    {
        if (length == 0 || length == _lengths[text])
            return length == 0 ? text : 0;

        var rest = 0;
        foreach (var label in Labels(text).AsSpan(length))
            rest = Node(rest, label);

        return rest;
    }

    /// <summary>The label of a sequence of one.</summary>
    public int LastOf(int text) => (int)_nodes[text];

    private int ParentOf(int text) => (int)(_nodes[text] >> 32);

    private int Node(int parent, int label)
    {
        var node = _nodes.Number(((long)parent << 32) | (uint)label, out var added);
        if (added)
            _lengths.Add(parent < 0 ? 0 : _lengths[parent] + 1);

        return node;
    }
}
