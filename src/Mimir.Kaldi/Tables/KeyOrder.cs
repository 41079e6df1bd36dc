namespace Mimir.Kaldi.Tables;

/// <summary>Orders keys by their bytes in UTF-8, as Kaldi and <c>LC_ALL=C sort</c> do.</summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);

        var (a, b) = (left[common], right[common]);

        // Halves of a pair stand for characters beyond all others, although their own numbers are not the greatest.
        return char.IsSurrogate(a) != char.IsSurrogate(b) ? char.IsSurrogate(a).CompareTo(char.IsSurrogate(b)) : a.CompareTo(b);
    }
}
