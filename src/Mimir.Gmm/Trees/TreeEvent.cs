namespace Mimir.Gmm.Trees;

/// <summary>
/// A state of a phone among its neighbours: keys with values. Keys from 0 are places in the window of phones, and
/// <see cref="Kaldi.Trees.ContextDependency.PdfClassKey"/> is the class of the state's distribution.
/// </summary>
public sealed class TreeEvent : IEquatable<TreeEvent>
{
    private readonly (int Key, int Value)[] _pairs;
    private readonly int _hash;

    /// <summary>Creates an event.</summary>
    /// <param name="pairs">The keys and their values, in any order.</param>
    /// <exception cref="ArgumentException">A key comes twice.</exception>
    public TreeEvent(params IEnumerable<(int Key, int Value)> pairs)
    {
        _pairs = [.. pairs.OrderBy(pair => pair.Key)];
        var hash = default(HashCode);
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (i > 0 && _pairs[i].Key == _pairs[i - 1].Key)
                throw new ArgumentException($"The event has two values of key {_pairs[i].Key}.", nameof(pairs));

            hash.Add(_pairs[i]);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Gets the keys and their values in rising order of the keys.</summary>
    public IReadOnlyList<(int Key, int Value)> Pairs => _pairs;

    /// <summary>Finds the value of a key.</summary>
    /// <returns>The value, or null where the event does not have the key.</returns>
    public int? ValueOf(int key)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Key == key)
                return pair.Value;
        }

        return null;
    }

    /// <summary>Gets the order of events in Kaldi's files: pair by pair.</summary>
    public static IComparer<TreeEvent> Order { get; } = Comparer<TreeEvent>.Create(
        (first, second) => ((ReadOnlySpan<(int, int)>)first._pairs).SequenceCompareTo(second._pairs));

    /// <inheritdoc/>
    public bool Equals(TreeEvent? other) => other is not null && _hash == other._hash && _pairs.AsSpan().SequenceEqual(other._pairs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeEvent);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>Writes the pairs as Kaldi's messages do: <c>-1:0 0:3 1:7 2:0</c>.</summary>
    public override string ToString() => string.Join(' ', _pairs.Select(pair => $"{pair.Key}:{pair.Value}"));
}
